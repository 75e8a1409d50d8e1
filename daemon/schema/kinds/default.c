/* Defaults of columns; the expression of a generated column is the column's. See kind.h. */
#include "counter.h"
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"expression", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"expression", NULL};

static void set(struct wv_ddl *ddl, const struct wv_object *object)
{
    const struct wv_object *column = object->parent;
    wv_ddl_alter_only(ddl, column->parent, "ACCESS EXCLUSIVE", "ALTER COLUMN %s SET DEFAULT %s",
                      column->quoted, wv_object_text(object, "expression"));
    wv_write_default_counter(ddl, object);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    set(ddl, creation->object);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    set(ddl, change->new);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_alter_only(ddl, old->parent->parent, "ACCESS EXCLUSIVE", "ALTER COLUMN %s DROP DEFAULT",
                      old->parent->quoted);
}

const struct wv_kind wv_kind_default = {
    .name = "default",
    .sql_name = "DEFAULT",
    .rank = 106,
    .traits = WV_KIND_MAY_BE_INLINE,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
};
