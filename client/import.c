/* See import.h. What all tools share: the list of revisions, their ids, finding one. Knows neither
 * files nor SQL. */
#include "import.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "import_files.h"

static const struct wv_import_tool tools[] = {
    {.name = "alembic", .lenient = true, .read = wv_import_alembic},
    {.name = "dbmate",
     .question = "SELECT max(version) FROM schema_migrations",
     .read = wv_import_dbmate},
    /* An undone version has a later row that says so. */
    {.name = "flyway",
     .question = "SELECT version FROM flyway_schema_history AS h WHERE success AND version IS NOT "
                 "NULL AND type NOT IN ('UNDO_SQL', 'DELETE') AND NOT EXISTS (SELECT FROM "
                 "flyway_schema_history AS u WHERE u.version = h.version AND u.success AND u.type "
                 "IN ('UNDO_SQL', 'DELETE') AND u.installed_rank > h.installed_rank) ORDER BY "
                 "string_to_array(version, '.')::numeric[] DESC LIMIT 1",
     .read = wv_import_flyway},
    {.name = "golang-migrate",
     .question = "SELECT version FROM schema_migrations WHERE NOT dirty",
     .read = wv_import_golang_migrate},
    {.name = "goose",
     .question = "SELECT max(version_id) FROM (SELECT DISTINCT ON (version_id) version_id, "
                 "is_applied FROM goose_db_version ORDER BY version_id, id DESC) AS v WHERE "
                 "is_applied AND version_id > 0",
     .read = wv_import_goose},
    {.name = "node-pg-migrate",
     .question = "SELECT name FROM pgmigrations ORDER BY run_on DESC, id DESC LIMIT 1",
     .read = wv_import_node_pg_migrate},
    {.name = "sqitch",
     .question = "SELECT change FROM sqitch.changes ORDER BY committed_at DESC LIMIT 1",
     .psql = true,
     .read = wv_import_sqitch},
};

const struct wv_import_tool *wv_import_tool_find(const char *name)
{
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        if (strcmp(tools[i].name, name) == 0)
            return &tools[i];
    return NULL;
}

/* Whether it can stand as an id in a revision file and on the command line. */
static bool id_valid(const char *id)
{
    size_t length = strlen(id);
    static const char *const reserved[] = {"head", "heads", "base", "current"};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strcmp(id, reserved[i]) == 0)
            return false;
    for (const char *at = id; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || strchr(",@-+:/", *at) != NULL)
            return false;
    return length >= 1 && length <= 32 && id[0] != '.';
}

/* FNV-1a over the text and the NUL that ends it. */
static uint64_t hash(uint64_t value, const char *text)
{
    do {
        value ^= (unsigned char)*text;
        value *= UINT64_C(0x100000001b3);
    } while (*text++ != '\0');
    return value;
}

static struct wv_import_revision *add(struct wv_import *import, const char *version, char *id)
{
    WV_GROW(import->items, import->count, import->capacity);
    struct wv_import_revision *revision = &import->items[import->count++];
    *revision = (struct wv_import_revision){.version = wv_xstrdup(version), .id = id};
    return revision;
}

struct wv_import_revision *wv_import_add_keyed(struct wv_import *import, const char *version,
                                               const char *key)
{
    uint64_t value = hash(UINT64_C(0xcbf29ce484222325), import->tool->name);
    value = hash(hash(value, version), key);
    value ^= value >> 48;
    return add(import, version, wv_xasprintf("%012" PRIx64, value & UINT64_C(0xffffffffffff)));
}

struct wv_import_revision *wv_import_add(struct wv_import *import, const char *version)
{
    return id_valid(version) ? add(import, version, wv_xstrdup(version))
                             : wv_import_add_keyed(import, version, "");
}

void wv_import_chain(struct wv_import *import)
{
    for (size_t i = 1; i < import->count; i++)
        wv_strlist_add(&import->items[i].down, import->items[i - 1].id);
}

void wv_import_fill(struct wv_import_section *section, char *sql, const char *file, int line)
{
    size_t skip = strspn(sql, " \t\n\f\v");
    while (skip > 0 && sql[skip - 1] != '\n')
        skip--;
    for (size_t i = 0; i < skip; i++)
        line += sql[i] == '\n';
    size_t length = strlen(sql);
    while (length > skip && strchr(" \t\n\f\v", sql[length - 1]) != NULL)
        length--;
    *section = (struct wv_import_section){
        .present = true, .transaction = true, .line = line, .file = wv_xstrdup(file)};
    section->sql = wv_xstrndup(sql + skip, length - skip);
    free(sql);
}

static bool same_version(const char *a, const char *b)
{
    size_t a_digits = wv_import_digits(a);
    size_t b_digits = wv_import_digits(b);
    if (strcmp(a, b) == 0)
        return true;
    return a_digits > 0 && b_digits > 0 && a[a_digits] == '\0' && b[b_digits] == '\0' &&
           wv_import_compare_numbers(a, a_digits, b, b_digits) == 0;
}

const struct wv_import_revision *wv_import_find(const struct wv_import *import, const char *version)
{
    /* The newest first: a tool may use a name again, and then means the newer one. */
    for (size_t i = import->count; i-- > 0;) {
        const struct wv_import_revision *revision = &import->items[i];
        if (same_version(revision->version, version) || wv_strlist_has(&revision->aliases, version))
            return revision;
    }
    return NULL;
}

static void free_section(struct wv_import_section *section)
{
    free(section->sql);
    free(section->file);
    free(section->refusal);
}

void wv_import_free(struct wv_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        struct wv_import_revision *revision = &import->items[i];
        free(revision->id);
        free(revision->version);
        free(revision->message);
        free(revision->create_date);
        free(revision->source);
        free(revision->path);
        wv_strlist_free(&revision->down);
        wv_strlist_free(&revision->depends_on);
        wv_strlist_free(&revision->labels);
        wv_strlist_free(&revision->aliases);
        wv_strlist_free(&revision->remarks);
        free_section(&revision->up);
        free_section(&revision->undo);
    }
    free(import->items);
    free(import->tool_version);
    wv_problems_free(&import->problems);
    wv_problems_free(&import->notes);
    *import = (struct wv_import){0};
}
