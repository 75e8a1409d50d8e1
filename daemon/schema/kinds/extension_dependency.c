/* What is dropped together with an extension without being its member. See kind.h. */
#include "kinds.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"extension", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *dependency, const char *words)
{
    char *target WV_AUTOFREE = wv_object_target(dependency->parent);
    wv_ddl_add(ddl, "ALTER %s %s EXTENSION %s", target, words,
               wv_object_text(dependency, "extension"));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "DEPENDS ON");
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, "NO DEPENDS ON");
}

const struct wv_kind wv_kind_extension_dependency = {
    .name = "extension dependency",
    .sql_name = "EXTENSION",
    .rank = 135,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
    .create = create,
    .drop = drop,
};
