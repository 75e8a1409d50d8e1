/* Extensions; their members are not objects of ours. See kind.h. */
#include "ddl.h"
#include "difference.h"
#include "kinds.h"
#include "quote.h"
#include "xalloc.h"

/* Pinned is one of another version than CREATE EXTENSION takes by itself. */
static const struct wv_attribute attributes[] = {
    {"schema", WV_WAY_ALTER},   {"version", WV_WAY_ALTER}, {"relocatable", WV_WAY_NONE},
    {"is_pinned", WV_WAY_NONE}, {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *extension = creation->object;
    char *version WV_AUTOFREE = wv_quote_literal(wv_object_text(extension, "version"));
    bool is_pinned = wv_object_is(extension, "is_pinned");
    wv_ddl_hazard(wv_ddl_add(ddl, "CREATE EXTENSION %s WITH SCHEMA %s%s%s", extension->identity,
                             wv_object_text(extension, "schema"), is_pinned ? " VERSION " : "",
                             is_pinned ? version : ""),
                  WV_HAZARD_EXTENSION, "%s", extension->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *extension = change->new;
    if (wv_change_of(change, "schema"))
        wv_ddl_add(ddl, "ALTER EXTENSION %s SET SCHEMA %s", extension->identity,
                   wv_object_text(extension, "schema"));
    if (!wv_change_of(change, "version"))
        return;
    char *version WV_AUTOFREE = wv_quote_literal(wv_object_text(extension, "version"));
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER EXTENSION %s UPDATE TO %s", extension->identity, version),
                  WV_HAZARD_EXTENSION, "%s", extension->identity);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(wv_ddl_add(ddl, "DROP EXTENSION %s", old->identity), WV_HAZARD_EXTENSION, "%s",
                  old->identity);
}

static enum wv_way way(const struct wv_change *change)
{
    return wv_change_of(change, "schema") && !wv_object_is(change->old, "relocatable")
               ? WV_WAY_RECREATE
               : WV_WAY_ALTER;
}

const struct wv_kind wv_kind_extension = {
    .name = "extension",
    .sql_name = "EXTENSION",
    .rank = 20,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .way = way,
};
