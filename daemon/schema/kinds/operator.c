/* Operators. See kind.h. */
#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"function", WV_WAY_RECREATE},   {"left_type", WV_WAY_RECREATE},
    {"right_type", WV_WAY_RECREATE}, {"commutator", WV_WAY_RECREATE},
    {"negator", WV_WAY_RECREATE},    {"restrict", WV_WAY_ALTER},
    {"join", WV_WAY_ALTER},          {"hashes", WV_WAY_RECREATE},
    {"merges", WV_WAY_RECREATE},     {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct wv_clause clauses[] = {
        {"function", "FUNCTION"},   {"left_type", "LEFTARG"},
        {"right_type", "RIGHTARG"}, {"commutator", "COMMUTATOR"},
        {"negator", "NEGATOR"},     {"restrict", "RESTRICT"},
        {"join", "JOIN"},           {NULL, NULL}};
    const struct wv_object *op = creation->object;
    char *schema WV_AUTOFREE = wv_quote_ident(op->schema);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE OPERATOR %s.%s (", schema, op->quoted);
    wv_write_clauses(&text, op, clauses);
    wv_ddl_add(ddl, "%s%s%s)", wv_strbuf_text(&text), wv_object_is(op, "hashes") ? ", HASHES" : "",
               wv_object_is(op, "merges") ? ", MERGES" : "");
}

static void write_estimator(struct wv_ddl *ddl, const struct wv_change *change,
                            const char *attribute, const char *word)
{
    const char *function = wv_object_get(change->new, attribute);
    if (wv_change_of(change, attribute))
        wv_ddl_add(ddl, "ALTER OPERATOR %s SET (%s = %s)", change->new->identity, word,
                   function != NULL ? function : "NONE");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write_estimator(ddl, change, "restrict", "RESTRICT");
    write_estimator(ddl, change, "join", "JOIN");
}

const struct wv_kind wv_kind_operator = {
    .name = "operator",
    .sql_name = "OPERATOR",
    .rank = 72,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
