/* The column that a sequence belongs to: apart, because the column's default needs the sequence.
 * See kind.h. */
#include "kinds.h"
#include "writing.h"

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

const struct wv_kind wv_kind_sequence_owner = {
    .name = "sequence owner",
    .sql_name = "SEQUENCE OWNED BY",
    .rank = 107,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
