/* Attributes of composite types. See kind.h. */
#include "kinds.h"
#include "writing.h"

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
static void refuse_in_use(struct wv_ddl *ddl, const struct wv_object *type)
{
    for (size_t i = 0; i < type->needed_by_count; i++) {
        const struct wv_object *user = type->needed_by[i].object;
        if (user->kind == &wv_kind_column &&
            wv_twin_of_old(ddl->difference, user)->deed != WV_DEED_DROP)
            wv_ddl_refuse(ddl,
                          "no attribute of the type %s can change while the column %s.%s uses it",
                          type->identity, user->parent->identity, user->quoted);
    }
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    refuse_in_use(ddl, change->old->parent);
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
};
