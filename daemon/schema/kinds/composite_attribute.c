/* Attributes of composite types. See kind.h. */
#include "ddl.h"
#include "kinds.h"
#include "rebuild.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},
    {"type", WV_WAY_ALTER},
    {"collation", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *attribute = creation->object;
    const char *collation = wv_object_get(attribute, "collation");
    wv_ddl_add(ddl, "ALTER TYPE %s ADD ATTRIBUTE %s %s%s%s CASCADE", attribute->parent->identity,
               attribute->quoted, wv_object_text(attribute, "type"),
               collation != NULL ? " COLLATE " : "", collation != NULL ? collation : "");
}

/* Not by CASCADE either: columns of the type keep their values as they are. */
static bool asks_rebuild(const struct wv_difference *difference, const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_ALTER && wv_is_in_use(difference, twin->old->parent);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *attribute = change->new;
    const char *collation = wv_object_get(attribute, "collation");
    wv_ddl_add(ddl, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s%s%s CASCADE",
               attribute->parent->identity, attribute->quoted, wv_object_text(attribute, "type"),
               collation != NULL ? " COLLATE " : "", collation != NULL ? collation : "");
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER TYPE %s DROP ATTRIBUTE %s CASCADE", old->parent->identity,
                             old->quoted),
                  WV_HAZARD_DATA_LOSS, "that part of every value of %s", old->parent->identity);
}

const struct wv_kind wv_kind_composite_attribute = {
    .name = "composite attribute",
    .sql_name = "ATTRIBUTE",
    .rank = 65,
    .traits = WV_KIND_BORN_WITH_PARENT | WV_KIND_NAMED_IN_PARENT,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .asks_rebuild = asks_rebuild,
};
