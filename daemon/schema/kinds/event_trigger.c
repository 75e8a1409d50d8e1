/* Event triggers. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"event", WV_WAY_RECREATE}, {"tags", WV_WAY_RECREATE}, {"function", WV_WAY_RECREATE},
    {"enabled", WV_WAY_ALTER},  {NULL, WV_WAY_NONE},
};

static void write_enabled(struct wv_ddl *ddl, const struct wv_object *trigger)
{
    const char *enabled = wv_object_get(trigger, "enabled");
    wv_ddl_add(ddl, "ALTER EVENT TRIGGER %s %s", trigger->identity,
               enabled == NULL ? "ENABLE" : enabled);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *trigger = creation->object;
    const char *tags = wv_object_get(trigger, "tags");
    wv_ddl_add(ddl, "CREATE EVENT TRIGGER %s ON %s%s%s%s EXECUTE FUNCTION %s", trigger->identity,
               wv_object_text(trigger, "event"), tags != NULL ? " WHEN TAG IN (" : "",
               tags != NULL ? tags : "", tags != NULL ? ")" : "",
               wv_object_text(trigger, "function"));
    if (wv_object_get(trigger, "enabled") != NULL)
        write_enabled(ddl, trigger);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write_enabled(ddl, change->new);
}

const struct wv_kind wv_kind_event_trigger = {
    .name = "event trigger",
    .sql_name = "EVENT TRIGGER",
    .rank = 120,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
