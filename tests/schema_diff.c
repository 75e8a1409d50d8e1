/* schema_diff [--plain] FROM TO
 * Prints what leads from the schema of one database to that of another, one JSON array of segments:
 * [{"alone": bool, "statements": [{"sql", "hazards": [[code, detail]]}]}]. */
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

int main(int argc, char **argv)
{
    bool is_plain = argc > 1 && strcmp(argv[1], "--plain") == 0;
    if (argc != 3 + is_plain)
        return 2;
    struct wv_inspect_options options = {0};
    struct wv_err err WV_AUTOERR = {0};
    struct wv_catalog *before WV_AUTOCATALOG = NULL;
    struct wv_catalog *after WV_AUTOCATALOG = NULL;
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    if (!live_catalog(&before, argv[argc - 2], &options, &err) ||
        !live_catalog(&after, argv[argc - 1], &options, &err))
        return live_failed(&err);
    wv_difference_find(&difference, before, after);
    if (!wv_ddl_write(&ddl, &difference, is_plain, &err))
        return live_failed(&err);
    print(&ddl);
    return 0;
}
