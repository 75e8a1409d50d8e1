/* schema_diff [--plain] FROM TO
 * Prints what leads from the schema of one database to that of another, one JSON array of segments:
 * [{"alone": bool, "statements": [{"sql", "hazards": [[code, detail]]}]}].
 * schema_diff --serve
 * The same for each line "online|plain FROM TO" (between tabs) of its input, over connections that
 * stay; {"error": message} where there is no way. "=" before a database: nothing in it has changed
 * since it was read last. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ddl_write.h"
#include "live_catalog.h"

static json_t *hazards_json(const struct wv_ddl_statement *statement)
{
    json_t *all = json_array();
    for (size_t i = 0; i < statement->hazard_count; i++)
        json_array_append_new(all, json_pack("[s, s]", wv_hazard_name(statement->hazards[i].code),
                                             statement->hazards[i].detail));
    return all;
}

static json_t *segment_json(const struct wv_ddl *ddl, const struct wv_segment *segment)
{
    json_t *statements = json_array();
    for (size_t i = 0; i < segment->count; i++) {
        const struct wv_ddl_statement *statement = &ddl->statements[segment->first + i];
        json_array_append_new(statements, json_pack("{s:s, s:o}", "sql", statement->sql, "hazards",
                                                    hazards_json(statement)));
    }
    return json_pack("{s:b, s:o}", "alone", segment->mode == WV_STATEMENT_ALONE, "statements",
                     statements);
}

static void print(const struct wv_ddl *ddl)
{
    struct wv_segments segments = {0};
    json_t *all = json_array();
    wv_ddl_segments(&segments, ddl);
    for (size_t i = 0; i < segments.count; i++)
        json_array_append_new(all, segment_json(ddl, &segments.items[i]));
    free(segments.items);
    if (json_dumpf(all, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
        abort();
    json_decref(all);
}

/* What is written between two schemas that are read already. */
static bool lead(const struct wv_catalog *before, const struct wv_catalog *after, bool is_plain,
                 struct wv_err *err)
{
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    wv_difference_find(&difference, before, after);
    if (!wv_ddl_write(&ddl, &difference, is_plain, err))
        return false;
    print(&ddl);
    return true;
}

static int once(const char *from, const char *to, bool is_plain)
{
    struct wv_inspect_options options = {0};
    struct wv_err err WV_AUTOERR = {0};
    struct wv_catalog *before WV_AUTOCATALOG = NULL;
    struct wv_catalog *after WV_AUTOCATALOG = NULL;
    bool is_done = live_catalog(&before, from, &options, &err) &&
                   live_catalog(&after, to, &options, &err) && lead(before, after, is_plain, &err);
    return is_done ? 0 : live_failed(&err);
}

/* The last few databases that were asked for. */
struct connection {
    char *conninfo;
    struct wv_pg *pg;
    struct wv_catalog *catalog; /* as it was read last */
    unsigned used;              /* the question that it was last needed for */
};

struct connections {
    struct connection items[6];
    unsigned questions;
};

static void close_connection(struct connection *connection)
{
    wv_pg_close(connection->pg);
    wv_catalog_free(connection->catalog);
    free(connection->conninfo);
    *connection = (struct connection){0};
}

static struct connection *connected(struct connections *all, const char *conninfo,
                                    struct wv_err *err)
{
    enum { MOST = sizeof(all->items) / sizeof(all->items[0]) };
    struct connection *connection = &all->items[0]; /* the one to give way: not the other side's */
    for (size_t i = 0; i < MOST; i++) {
        if (all->items[i].conninfo != NULL && strcmp(all->items[i].conninfo, conninfo) == 0)
            return &all->items[i];
        if (all->items[i].used < connection->used)
            connection = &all->items[i];
    }
    close_connection(connection);
    if (!live_connect(&connection->pg, conninfo, err))
        return NULL;
    connection->conninfo = wv_xstrdup(conninfo);
    return connection;
}

static const struct wv_catalog *read_again(struct connections *all, const char *database,
                                           struct wv_err *err)
{
    struct wv_inspect_options options = {0};
    bool is_unchanged = database[0] == '=';
    struct connection *connection = connected(all, database + is_unchanged, err);
    if (connection == NULL)
        return NULL;
    connection->used = all->questions;
    if (is_unchanged && connection->catalog != NULL)
        return connection->catalog;
    wv_catalog_free(connection->catalog);
    connection->catalog = NULL;
    return live_read(&connection->catalog, connection->pg, &options, err) ? connection->catalog
                                                                          : NULL;
}

static bool answer(struct connections *all, const char *mode, const char *from, const char *to,
                   struct wv_err *err)
{
    all->questions++;
    const struct wv_catalog *before = read_again(all, from, err);
    const struct wv_catalog *after = before == NULL ? NULL : read_again(all, to, err);
    return after != NULL && lead(before, after, strcmp(mode, "plain") == 0, err);
}

static void say_error(const struct wv_err *err)
{
    json_t *said = json_pack("{s:s+++}", "error", wv_err_word(err->code), ": ", err->message,
                             err->hint == NULL ? "" : err->hint);
    if (json_dumpf(said, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
        abort();
    json_decref(said);
}

static int serve(void)
{
    struct connections all = {0};
    char *line WV_AUTOFREE = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        struct wv_err err WV_AUTOERR = {0};
        char *rest = line;
        const char *mode = strsep(&rest, "\t\n");
        const char *from = strsep(&rest, "\t\n");
        const char *to = strsep(&rest, "\t\n");
        if (to == NULL)
            return 2;
        if (!answer(&all, mode, from, to, &err))
            say_error(&err);
        if (fflush(stdout) != 0)
            abort();
    }
    for (size_t i = 0; i < sizeof(all.items) / sizeof(all.items[0]); i++)
        close_connection(&all.items[i]);
    return 0;
}

int main(int argc, char **argv)
{
    bool is_plain = argc > 1 && strcmp(argv[1], "--plain") == 0;
    if (argc == 2 && strcmp(argv[1], "--serve") == 0)
        return serve();
    if (argc != 3 + is_plain)
        return 2;
    return once(argv[argc - 2], argv[argc - 1], is_plain);
}
