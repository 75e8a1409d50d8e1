/* diff: any two schemas; dump: one schema as models, from an empty database to it. */
#include <string.h>

#include "changes.h"
#include "check.h"
#include "settle.h"
#include "side.h"
#include "strbuf.h"

bool wv_diff_run(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_side left WV_AUTOSIDE = {0};
    struct wv_side right WV_AUTOSIDE = {0};
    struct wv_pair pair WV_AUTOPAIR = {0};
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    if (!wv_side_read(&left, proof, 0, &pair.before, err) ||
        !wv_side_read(&right, proof, 1, &pair.after, err) ||
        !wv_pair_settle(&pair, proof, wv_side_pg(&left), wv_side_pg(&right), err))
        return false;
    wv_difference_find(&difference, pair.before, pair.after);
    wv_tell_difference(proof->findings, &difference);
    wv_note_unmodelled(proof->findings, pair.after, "the second");
    return true;
}

/* A name as a part of a path: never hidden, never a folder. */
static void add_name(struct wv_strbuf *path, const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        bool plain =
            *p != '/' && *p != '\\' && (unsigned char)*p >= ' ' && !(*p == '.' && p == name);
        wv_strbuf_addc(path, plain ? *p : '_');
    }
}

/* One file for each table with all that is part of it; the others by schema and kind. */
static char *path_of(const struct wv_object *object)
{
    struct wv_strbuf path WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_object *root = wv_object_root(object);
    if (root->schema != NULL) {
        add_name(&path, root->schema);
        wv_strbuf_addc(&path, '/');
    }
    if ((root->kind->traits & WV_KIND_HOLDS_ROWS) != 0) {
        wv_strbuf_adds(&path, "tables/");
        add_name(&path, root->name);
    } else {
        add_name(&path, root->kind->name);
    }
    wv_strbuf_adds(&path, ".sql");
    for (size_t i = 0; i < path.length; i++)
        if (path.data[i] == ' ')
            path.data[i] = '_';
    return wv_strbuf_take(&path);
}

static struct wv_found_file *file_of(struct wv_found_files *files, const char *path)
{
    for (size_t i = files->count; i > 0; i--)
        if (strcmp(files->items[i - 1].path, path) == 0)
            return &files->items[i - 1];
    struct wv_found_file *file = wv_findings_file(files);
    file->path = wv_xstrdup(path);
    file->content = wv_xstrdup("");
    return file;
}

static void add_statement(struct wv_found_files *files, const struct wv_ddl_statement *statement)
{
    char *path WV_AUTOFREE = path_of(statement->object);
    struct wv_found_file *file = file_of(files, path);
    char *before WV_AUTOFREE = file->content;
    file->content =
        wv_xasprintf("%s%s%s;\n", before, before[0] != '\0' ? "\n" : "", statement->sql);
}

bool wv_dump_run(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_side side WV_AUTOSIDE = {0};
    struct wv_room nothing WV_AUTOROOM = {0};
    struct wv_catalog *empty WV_AUTOCATALOG = NULL;
    struct wv_catalog *catalog WV_AUTOCATALOG = NULL;
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    if (!wv_side_read(&side, proof, 0, &catalog, err) || !wv_room_make(&nothing, proof, err) ||
        !wv_room_inspect(&nothing, &empty, err))
        return false;
    wv_note_unmodelled(proof->findings, catalog, "the dump");
    wv_difference_find(&difference, empty, catalog);
    if (!wv_ddl_write(&ddl, &difference, true, err))
        return false;
    for (size_t i = 0; i < ddl.count; i++)
        add_statement(&proof->findings->files, &ddl.statements[i]);
    return true;
}
