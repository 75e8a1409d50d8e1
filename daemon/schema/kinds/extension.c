/* Extensions; their members are not objects of ours. See kind.h. */
#include "ddl.h"
#include "difference.h"
#include "kinds.h"
#include "list.h"
#include "quote.h"
#include "xalloc.h"

/* Pinned is one of another version than CREATE EXTENSION takes by itself. */
static const struct wv_attribute attributes[] = {
    {"schema", WV_WAY_ALTER},   {"version", WV_WAY_ALTER}, {"relocatable", WV_WAY_NONE},
    {"is_pinned", WV_WAY_NONE}, {"leads_to", WV_WAY_NONE}, {"comes_from", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
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

/* Does its script lead from the one version to the other, as far as that was read? */
static bool has_path(const struct wv_change *change)
{
    char *old WV_AUTOFREE = wv_quote_literal(wv_object_text(change->old, "version"));
    char *new WV_AUTOFREE = wv_quote_literal(wv_object_text(change->new, "version"));
    const char *leads_to = wv_object_get(change->old, "leads_to");
    const char *comes_from = wv_object_get(change->new, "comes_from");
    return (leads_to == NULL || wv_list_has(leads_to, new)) &&
           (comes_from == NULL || wv_list_has(comes_from, old));
}

/* It is made anew: columns that have values of its types would be so as well. */
static void refuse(struct wv_ddl *ddl, const struct wv_change *change)
{
    for (size_t i = 0; i < change->old->needed_by_count; i++) {
        const struct wv_object *user = change->old->needed_by[i].object;
        if (user->kind == &wv_kind_column && wv_object_get(user, "generated") == NULL &&
            wv_twin_of_old(ddl->difference, user)->deed == WV_DEED_RECREATE)
            wv_ddl_refuse(ddl,
                          "the extension %s cannot go from version %s to %s: it has no script that "
                          "does, and made anew it would lose the values of %s.%s",
                          change->old->identity, wv_object_text(change->old, "version"),
                          wv_object_text(change->new, "version"), user->parent->identity,
                          user->quoted);
    }
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_twin *twin = wv_twin_of_old(ddl->difference, old);
    const struct wv_change change = {old, twin->new};
    if (twin->new != NULL && wv_change_of(&change, "version") && !has_path(&change))
        refuse(ddl, &change);
    wv_ddl_hazard(wv_ddl_add(ddl, "DROP EXTENSION %s", old->identity), WV_HAZARD_EXTENSION, "%s",
                  old->identity);
}

static enum wv_way way(const struct wv_change *change)
{
    bool is_fixed = wv_change_of(change, "schema") && !wv_object_is(change->old, "relocatable");
    return is_fixed || (wv_change_of(change, "version") && !has_path(change)) ? WV_WAY_RECREATE
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
