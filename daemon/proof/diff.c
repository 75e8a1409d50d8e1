/* diff: any two schemas; dump: one schema as models, from an empty database to it. */
#include <stdlib.h>
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

/* A statement and the file that it belongs into. */
struct line {
    char *path;
    const char *sql;
    size_t place; /* in the script */
    size_t first; /* the place of its file's first one */
};

static int by_path(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;
    int order = strcmp(a->path, b->path);
    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static int by_file(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;
    return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
                                : (a->place > b->place) - (a->place < b->place);
}

/* The files in the order of their first statements. */
static void add_files(struct wv_found_files *files, struct line *lines, size_t count)
{
    for (size_t i = 0; i < count;) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        struct wv_found_file *file = wv_findings_file(files);
        size_t first = lines[i].first;
        file->path = wv_xstrdup(lines[i].path);
        for (; i < count && lines[i].first == first; i++)
            wv_strbuf_addf(&text, "%s%s;\n", text.length > 0 ? "\n" : "", lines[i].sql);
        file->content = wv_strbuf_take(&text);
    }
}

static void split(struct wv_found_files *files, const struct wv_ddl *ddl)
{
    struct line *lines WV_AUTOFREE = wv_xcalloc(ddl->count + 1, sizeof(*lines));
    for (size_t i = 0; i < ddl->count; i++)
        lines[i] = (struct line){
            .path = path_of(ddl->statements[i].object), .sql = ddl->statements[i].sql, .place = i};
    qsort(lines, ddl->count, sizeof(*lines), by_path);
    for (size_t i = 0; i < ddl->count; i++)
        lines[i].first = i > 0 && strcmp(lines[i].path, lines[i - 1].path) == 0 ? lines[i - 1].first
                                                                                : lines[i].place;
    qsort(lines, ddl->count, sizeof(*lines), by_file);
    add_files(files, lines, ddl->count);
    for (size_t i = 0; i < ddl->count; i++)
        free(lines[i].path);
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
    split(&proof->findings->files, &ddl);
    return true;
}
