/* From whom a table inherits: said by CREATE TABLE; else NO INHERIT comes before all else that is
 * done to the table and its parents, and INHERIT after it. See kind.h. */
#include "parents.h"

#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"parents", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_join_parents(ddl, creation->object->parent);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_leave_parents(ddl, old->parent);
}

const struct wv_kind wv_kind_inheritance = {
    .name = "inheritance",
    .sql_name = "INHERIT",
    .rank = 107,
    .traits = WV_KIND_BORN_WITH_PARENT,
    .attributes = attributes,
    .create = create,
    .drop = drop,
};
