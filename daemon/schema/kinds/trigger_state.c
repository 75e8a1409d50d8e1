/* Triggers on partitions that fire otherwise than the partitioned table's. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"enabled", WV_WAY_ALTER},
    {"parent_enabled", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *state, const char *enabled)
{
    wv_ddl_alter_table(ddl, state->parent, "SHARE ROW EXCLUSIVE", "%s TRIGGER %s", enabled,
                       state->quoted);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_text(creation->object, "enabled"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_text(change->new, "enabled"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, wv_object_text(old, "parent_enabled"));
}

const struct wv_kind wv_kind_trigger_state = {
    .name = "trigger state",
    .sql_name = "TRIGGER",
    .rank = 117,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
