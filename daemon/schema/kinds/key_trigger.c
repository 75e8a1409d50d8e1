/* Triggers by which the server keeps foreign keys and deferrable keys, where they do not fire as
 * usual. Their names are the server's own and differ between databases: each is found by its
 * constraint and function when the statement runs. See kind.h. */
#include "kinds.h"
#include "lookup.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"constrained", WV_WAY_NONE},
    {"function", WV_WAY_NONE},
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* As the body of DO: within quotes of its own, which a name may hold as well. */
static void write(struct wv_ddl *ddl, const struct wv_object *trigger, const char *enabled)
{
    char *table WV_AUTOFREE = wv_quote_literal(trigger->parent->identity);
    char *constrained WV_AUTOFREE = wv_quote_literal(wv_object_text(trigger, "constrained"));
    char *function WV_AUTOFREE = wv_quote_literal(wv_object_text(trigger, "function"));
    char *name WV_AUTOFREE = wv_quote_literal(trigger->name);
    char *body WV_AUTOFREE = wv_xasprintf(
        "BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE ONLY %%s %s TRIGGER %%I', "
        "t.tgrelid::pg_catalog.regclass, t.tgname) FROM pg_catalog.pg_trigger t "
        "JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint "
        "WHERE t.tgisinternal AND t.tgrelid = %s::pg_catalog.regclass "
        "AND k.conrelid = %s::pg_catalog.regclass AND k.conname = %s "
        "AND t.tgfoid = %s::pg_catalog.regproc); END",
        enabled, table, constrained, name, function);
    char *literal WV_AUTOFREE = wv_quote_literal(body);
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "DO %s", literal), "SHARE ROW EXCLUSIVE", trigger->parent);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_text(creation->object, "enabled"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_text(change->new, "enabled"));
}

/* They go with their constraint, and fire again when that is made anew. */
static bool goes_with_constraint(const struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *constraint = wv_need_of_kind(old, &wv_kind_constraint);
    return constraint != NULL && !wv_twin_stays(wv_twin_of_old(ddl->difference, constraint));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (!goes_with_constraint(ddl, old))
        write(ddl, old, "ENABLE");
}

const struct wv_kind wv_kind_key_trigger = {
    .name = "key trigger",
    .sql_name = "TRIGGER",
    .rank = 119,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
