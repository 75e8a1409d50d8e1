/* Extended statistics. See kind.h. */
#include "analyze.h"
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"target", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static void write_target(struct wv_ddl *ddl, const struct wv_object *statistics)
{
    const char *target = wv_object_get(statistics, "target");
    wv_ddl_add(ddl, "ALTER STATISTICS %s SET STATISTICS %s", statistics->identity,
               target == NULL ? "-1" : target);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "%s", wv_object_text(creation->object, "definition")),
                "SHARE UPDATE EXCLUSIVE", creation->object->parent);
    if (wv_object_get(creation->object, "target") != NULL)
        write_target(ddl, creation->object);
    wv_lose_statistics(ddl, creation->object->parent, NULL);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write_target(ddl, change->new);
}

const struct wv_kind wv_kind_statistics = {
    .name = "statistics",
    .sql_name = "STATISTICS",
    .rank = 110,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
};
