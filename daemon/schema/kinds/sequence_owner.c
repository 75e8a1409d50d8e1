/* The column that a sequence belongs to: apart, because the column's default needs the sequence.
 * See kind.h. */
#include "ddl.h"
#include "difference.h"
#include "kinds.h"
#include "lookup.h"
#include "same.h"

static const struct wv_attribute attributes[] = {
    {"column", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *owner, const char *column)
{
    wv_ddl_add(ddl, "ALTER SEQUENCE %s OWNED BY %s", owner->parent->identity, column);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_text(creation->object, "column"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_text(change->new, "column"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, "NONE");
}

static const char *table_of(const struct wv_object *link)
{
    const struct wv_object *column = wv_need_of_kind(link, &wv_kind_column);
    return column == NULL ? NULL : column->parent->identity;
}

/* A sequence that goes to another table belongs to none in between: its owner may have to change
 * there, and the old table to go before there can be the new one. */
static enum wv_way way(const struct wv_change *change)
{
    if (!wv_change_of(change, "column"))
        return WV_WAY_NONE;
    return wv_same(table_of(change->old), table_of(change->new)) ? WV_WAY_ALTER : WV_WAY_RECREATE;
}

const struct wv_kind wv_kind_sequence_owner = {
    .name = "sequence owner",
    .sql_name = "SEQUENCE OWNED BY",
    .rank = 107,
    .attributes = attributes,
    .create = create,
    .way = way,
    .alter = alter,
    .drop = drop,
};
