/* Tools with a file for each direction: golang-migrate and Flyway. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "import.h"
#include "import_files.h"

/* Makes the whole file the section. */
static void load(struct wv_import *import, const char *name, struct wv_import_section *section)
{
    char *path WV_AUTOFREE = wv_import_path(import, name);
    char *text = wv_import_read(import, path);
    if (text != NULL)
        wv_import_fill(section, text, path, 1);
}

static void leave_out(struct wv_import *import, const char *name, const char *why)
{
    char *path WV_AUTOFREE = wv_import_path(import, name);
    wv_problems_add(&import->notes, "left_out", path, 0, "is left out: %s", why);
}

static void reject(struct wv_import *import, const char *name, const char *kind, const char *why)
{
    char *path WV_AUTOFREE = wv_import_path(import, name);
    wv_problems_add(&import->problems, kind, path, 0, "%s", why);
}

/* Whether `name` ends in `end`; `*length` is then that of what comes before. */
static bool split_end(const char *name, const char *end, size_t *length)
{
    size_t whole = strlen(name);
    if (whole <= strlen(end) || strcmp(name + whole - strlen(end), end) != 0)
        return false;
    *length = whole - strlen(end);
    return true;
}

/* golang-migrate: NUMBER_words.up.sql and NUMBER_words.down.sql. */

static int by_number(const struct wv_import_revision *a, const struct wv_import_revision *b)
{
    return wv_import_compare_numbers(a->version, strlen(a->version), b->version,
                                     strlen(b->version));
}

static struct wv_import_revision *of_number(struct wv_import *import, const char *digits)
{
    return (struct wv_import_revision *)wv_import_find(import, digits);
}

static struct wv_import_revision *number_revision(struct wv_import *import, const char *name,
                                                  size_t length)
{
    size_t digits = wv_import_digits(name);
    char *number WV_AUTOFREE = wv_xstrndup(name, digits);
    struct wv_import_revision *revision = of_number(import, number);
    if (revision != NULL)
        return revision;
    char *words WV_AUTOFREE = wv_import_words(name + digits, length - digits);
    revision = wv_import_add(import, number);
    revision->message = WV_STEAL(words);
    revision->source = wv_xstrdup(name);
    /* Its table has a number; the id keeps the zeros that put the files in order. */
    size_t zeros = strspn(number, "0");
    memmove(revision->version, number + zeros, digits - zeros + 1);
    if (revision->version[0] == '\0')
        memcpy(revision->version, "0", 2);
    return revision;
}

static void take_numbered(struct wv_import *import, const char *name)
{
    size_t length = 0;
    size_t digits = wv_import_digits(name);
    bool up = split_end(name, ".up.sql", &length);
    if ((!up && !split_end(name, ".down.sql", &length)) || digits == 0 || name[digits] != '_') {
        leave_out(import, name, "its name is not NUMBER_words.up.sql or NUMBER_words.down.sql");
        return;
    }
    struct wv_import_revision *revision = number_revision(import, name, length);
    struct wv_import_section *section = up ? &revision->up : &revision->undo;
    if (section->present) {
        reject(import, name, "duplicate_version", "is a second file of its version and direction");
        return;
    }
    if (up) {
        free(revision->source);
        revision->source = wv_xstrdup(name);
    }
    load(import, name, section);
}

bool wv_import_golang_migrate(struct wv_import *import, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (!wv_import_list(import->directory, ".sql", false, &names, err))
        return false;
    for (size_t i = 0; i < names.count; i++)
        take_numbered(import, names.items[i]);
    for (size_t i = 0; i < import->count; i++)
        if (!import->items[i].up.present && import->problems.count == 0)
            reject(import, import->items[i].source, "missing_up", "has no .up.sql beside it");
    wv_import_sort(import, by_number);
    wv_import_chain(import);
    return true;
}

/* Flyway: V1_2__words.sql, its undo U1_2__words.sql, and R__words.sql, run whenever it changed. */

/* "1_02" to "1.02"; NULL when it is no version. */
static char *flyway_version(const char *text, size_t length)
{
    char *version = wv_xstrndup(text, length);
    for (char *at = version; *at != '\0'; at++)
        if (*at == '_')
            *at = '.';
    if (length > 0 && strspn(version, "0123456789.") == length && version[0] != '.' &&
        version[length - 1] != '.' && strstr(version, "..") == NULL)
        return version;
    free(version);
    return NULL;
}

/* Part by part, a missing one being zero; the repeatable ones come last, by their words. */
static int by_parts(const struct wv_import_revision *a, const struct wv_import_revision *b)
{
    const char *left = a->version;
    const char *right = b->version;
    if (*left == 'R' || *right == 'R')
        return *left == *right ? strcmp(left, right) : *left == 'R' ? 1 : -1;
    while (*left != '\0' || *right != '\0') {
        size_t l = wv_import_digits(left);
        size_t r = wv_import_digits(right);
        int order = wv_import_compare_numbers(left, l, right, r);
        if (order != 0)
            return order;
        left += l + (left[l] == '.');
        right += r + (right[r] == '.');
    }
    return 0;
}

/* A setting of the file's own configuration, NAME.conf beside it. */
static bool script_says(const struct wv_import *import, const char *name, const char *line)
{
    char *path WV_AUTOFREE = wv_import_path(import, name);
    char *conf WV_AUTOFREE = wv_xasprintf("%s.conf", path);
    if (access(conf, R_OK) != 0)
        return false;
    struct wv_import scratch = {0};
    char *text WV_AUTOFREE = wv_import_read(&scratch, conf);
    wv_problems_free(&scratch.problems);
    struct wv_strbuf bare WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *at = text != NULL ? text : ""; *at != '\0'; at++)
        if (*at != ' ' && *at != '\t')
            wv_strbuf_addc(&bare, *at);
    const char *found = strstr(wv_strbuf_text(&bare), line);
    return found != NULL && (found == bare.data || found[-1] == '\n');
}

static void load_flyway(struct wv_import *import, const char *name,
                        struct wv_import_section *section)
{
    load(import, name, section);
    if (!section->present)
        return;
    if (script_says(import, name, "executeInTransaction=false"))
        section->transaction = false;
    if (script_says(import, name, "placeholderReplacement=false"))
        return;
    int line = section->line;
    for (const char *at = section->sql; *at != '\0'; at++) {
        line += *at == '\n';
        if (at[0] == '$' && at[1] == '{')
            wv_problems_add(&import->problems, "placeholder", section->file, line,
                            "Flyway puts a value in place of %.*s: write the value itself",
                            (int)strcspn(at, "}\n") + 1, at);
    }
}

static struct wv_import_revision *add_flyway(struct wv_import *import, const char *name,
                                             const char *version, const char *words, size_t length)
{
    char *message = wv_import_words(words, length);
    struct wv_import_revision *revision = version[0] == 'R'
                                              ? wv_import_add_keyed(import, version, "")
                                              : wv_import_add(import, version);
    revision->message = message;
    revision->source = wv_xstrdup(name);
    return revision;
}

static void take_versioned(struct wv_import *import, const char *name, const char *version,
                           const char *words, size_t length, bool undo)
{
    struct wv_import_revision wanted = {.version = (char *)version};
    struct wv_import_revision *revision = NULL;
    for (size_t i = 0; i < import->count; i++)
        if (by_parts(&import->items[i], &wanted) == 0)
            revision = &import->items[i];
    if (revision == NULL && undo) {
        reject(import, name, "missing_up", "undoes a version that has no file V...");
        return;
    }
    if (revision != NULL && (undo ? revision->undo.present : true)) {
        reject(import, name, "duplicate_version", "is a second file of its version and direction");
        return;
    }
    if (revision == NULL)
        revision = add_flyway(import, name, version, words, length);
    load_flyway(import, name, undo ? &revision->undo : &revision->up);
}

static void take_repeatable(struct wv_import *import, const char *name, const char *words,
                            size_t length)
{
    char *version WV_AUTOFREE = wv_xasprintf("R__%.*s", (int)length, words);
    struct wv_import_revision *revision = add_flyway(import, name, version, words, length);
    load_flyway(import, name, &revision->up);
    char *path WV_AUTOFREE = wv_import_path(import, name);
    wv_problems_add(&import->notes, "repeatable", path, 0,
                    "becomes revision %s, which runs once: a later change is a new revision",
                    revision->id);
}

/* The file, when its kind is one of `kinds`. */
static void take_flyway(struct wv_import *import, const char *name, const char *kinds)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    const char *separator = strstr(base, "__");
    bool known = separator != NULL && strchr("VURB", base[0]) != NULL;
    char kind = known ? base[0] : '?';
    if (strchr(kinds, kind) == NULL)
        return;
    if (kind == '?' || kind == 'B') {
        leave_out(import, name,
                  kind == 'B' ? "a baseline sums up other files; `wovenctl migrate stamp` serves"
                              : "its name is not V<version>__words.sql, U... or R__words.sql");
        return;
    }
    const char *words = separator + 2;
    size_t length = strlen(words) - strlen(".sql");
    if (kind == 'R') {
        take_repeatable(import, name, words, length);
        return;
    }
    char *version WV_AUTOFREE = flyway_version(base + 1, (size_t)(separator - base) - 1);
    if (version == NULL)
        reject(import, name, "bad_version",
               "its version is not made of numbers with dots or underscores between them");
    else
        take_versioned(import, name, version, words, length, kind == 'U');
}

bool wv_import_flyway(struct wv_import *import, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (!wv_import_list(import->directory, ".sql", true, &names, err))
        return false;
    static const char *const passes[] = {"V", "U", "R", "B?"};
    for (size_t pass = 0; pass < sizeof(passes) / sizeof(passes[0]); pass++)
        for (size_t i = 0; i < names.count; i++)
            take_flyway(import, names.items[i], passes[pass]);
    wv_import_sort(import, by_parts);
    wv_import_chain(import);
    return true;
}
