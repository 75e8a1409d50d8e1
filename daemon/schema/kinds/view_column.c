/* Columns of views and materialized views: what their definition does not say. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},
    {"type", WV_WAY_NONE},
    {"collation", WV_WAY_NONE},
    {"storage", WV_WAY_ALTER},
    {"type_storage", WV_WAY_NONE},
    {"compression", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"n_distinct", WV_WAY_ALTER},
    {"n_distinct_inherited", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* It is there with its view, and goes with it. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_write_column_rest(ddl, creation->object);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    wv_alter_column_stored(ddl, change);
    wv_alter_column_rest(ddl, change);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    (void)ddl;
    (void)old;
}

const struct wv_kind wv_kind_view_column = {
    .name = "view column",
    .sql_name = "COLUMN",
    .rank = 105,
    .traits = WV_KIND_BORN_WITH_PARENT | WV_KIND_NAMED_IN_PARENT,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
