/* Triggers; the copies on partitions are not objects. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"is_constraint", WV_WAY_NONE},
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static void write_enabled(struct wv_ddl *ddl, const struct wv_object *trigger)
{
    const char *enabled = wv_object_get(trigger, "enabled");
    wv_ddl_alter_table(ddl, trigger->parent, "SHARE ROW EXCLUSIVE", "%s TRIGGER %s",
                       enabled == NULL ? "ENABLE" : enabled, trigger->quoted);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *trigger = creation->object;
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "%s", wv_object_text(trigger, "definition")),
                "SHARE ROW EXCLUSIVE", trigger->parent);
    if (wv_object_get(trigger, "enabled") != NULL)
        write_enabled(ddl, trigger);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write_enabled(ddl, change->new);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "DROP TRIGGER %s ON %s", old->quoted, old->parent->identity),
                "ACCESS EXCLUSIVE", old->parent);
}

const struct wv_kind wv_kind_trigger = {
    .name = "trigger",
    .sql_name = "TRIGGER",
    .rank = 116,
    .traits = WV_KIND_NAMED_ON_PARENT | WV_KIND_CONSTRAINT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
};
