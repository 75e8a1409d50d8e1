/* Schemas of publications. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *member = creation->object;
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER PUBLICATION %s ADD TABLES IN SCHEMA %s",
                             member->parent->identity, member->quoted),
                  WV_HAZARD_BREAKS_READERS,
                  "UPDATE and DELETE on tables of %s without a replica identity", member->quoted);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER PUBLICATION %s DROP TABLES IN SCHEMA %s",
                             old->parent->identity, old->quoted),
                  WV_HAZARD_BREAKS_READERS, "subscribers of %s", old->parent->identity);
}

const struct wv_kind wv_kind_publication_schema = {
    .name = "publication schema",
    .sql_name = "TABLES IN SCHEMA",
    .rank = 127,
    .create = create,
    .drop = drop,
};
