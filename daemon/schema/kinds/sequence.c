/* Sequences, also those of serial columns; an identity's is an attribute of its column. See kind.h.
 * */
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_ALTER},      {"start", WV_WAY_ALTER},       {"increment", WV_WAY_ALTER},
    {"minimum", WV_WAY_ALTER},   {"maximum", WV_WAY_ALTER},     {"cache", WV_WAY_ALTER},
    {"is_cycled", WV_WAY_ALTER}, {"persistence", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

/* What CREATE SEQUENCE takes when nothing is said (PostgreSQL manual, CREATE SEQUENCE). */
static const char *usual(const struct wv_object *sequence, const char *attribute)
{
    const char *type = wv_object_text(sequence, "type");
    bool is_down = wv_object_text(sequence, "increment")[0] == '-';
    if (strcmp(attribute, "increment") == 0 || strcmp(attribute, "cache") == 0)
        return "1";
    if (strcmp(attribute, "start") == 0)
        return wv_object_text(sequence, is_down ? "maximum" : "minimum");
    if (strcmp(attribute, "minimum") == 0)
        return !is_down                        ? "1"
               : strcmp(type, "smallint") == 0 ? "-32768"
               : strcmp(type, "integer") == 0  ? "-2147483648"
                                               : "-9223372036854775808";
    return is_down                         ? "-1"
           : strcmp(type, "smallint") == 0 ? "32767"
           : strcmp(type, "integer") == 0  ? "2147483647"
                                           : "9223372036854775807";
}

static const struct {
    const char *attribute;
    const char *words;
} OPTIONS[] = {{"increment", "INCREMENT BY"},
               {"minimum", "MINVALUE"},
               {"maximum", "MAXVALUE"},
               {"start", "START WITH"},
               {"cache", "CACHE"}};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *sequence = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE %sSEQUENCE %s",
                   wv_object_get(sequence, "persistence") != NULL ? "UNLOGGED " : "",
                   sequence->identity);
    if (strcmp(wv_object_text(sequence, "type"), "bigint") != 0)
        wv_strbuf_addf(&text, " AS %s", wv_object_text(sequence, "type"));
    for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++) {
        const char *value = wv_object_text(sequence, OPTIONS[i].attribute);
        if (strcmp(value, usual(sequence, OPTIONS[i].attribute)) != 0)
            wv_strbuf_addf(&text, " %s %s", OPTIONS[i].words, value);
    }
    if (wv_object_is(sequence, "is_cycled"))
        wv_strbuf_adds(&text, " CYCLE");
    wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    wv_take_identity_over(ddl, sequence);
}

static struct wv_sequence_bounds bounds_of(const struct wv_object *sequence)
{
    return (struct wv_sequence_bounds){strtoll(wv_object_text(sequence, "minimum"), NULL, 10),
                                       strtoll(wv_object_text(sequence, "maximum"), NULL, 10)};
}

/* All that a change of type or direction may have moved is said again. */
static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *sequence = change->new;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool all = wv_change_of(change, "type") || wv_change_of(change, "increment");
    const struct wv_sequence_bounds old = bounds_of(change->old);
    const struct wv_sequence_bounds new = bounds_of(sequence);
    wv_write_sequence_value(ddl, sequence->identity, &old, &new);
    if (wv_change_of(change, "type"))
        wv_strbuf_addf(&text, " AS %s", wv_object_text(sequence, "type"));
    for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++)
        if (all || wv_change_of(change, OPTIONS[i].attribute))
            wv_strbuf_addf(&text, " %s %s", OPTIONS[i].words,
                           wv_object_text(sequence, OPTIONS[i].attribute));
    if (wv_change_of(change, "is_cycled"))
        wv_strbuf_adds(&text, wv_object_is(sequence, "is_cycled") ? " CYCLE" : " NO CYCLE");
    if (wv_sequence_begins_anew(&old, &new))
        wv_strbuf_adds(&text, " RESTART");
    if (text.length > 0)
        wv_ddl_add(ddl, "ALTER SEQUENCE %s%s", sequence->identity, wv_strbuf_text(&text));
    if (!wv_change_of(change, "persistence"))
        return;
    bool is_unlogged = wv_object_get(sequence, "persistence") != NULL;
    struct wv_ddl_statement *statement = wv_ddl_add(
        ddl, "ALTER SEQUENCE %s SET %s", sequence->identity, is_unlogged ? "UNLOGGED" : "LOGGED");
    if (is_unlogged)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS,
                      "how far %s has counted, when the server crashes", sequence->identity);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_put_sequence_aside(ddl, old))
        return;
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP SEQUENCE %s", old->identity);
    if (!wv_counter_is_followed(ddl->difference, old))
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "how far %s has counted", old->identity);
}

const struct wv_kind wv_kind_sequence = {
    .name = "sequence",
    .sql_name = "SEQUENCE",
    .rank = 90,
    .traits = WV_KIND_RELATION | WV_KIND_IS_UNMINDED,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
