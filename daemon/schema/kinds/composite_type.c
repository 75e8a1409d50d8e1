/* Composite types that are no table's. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "type_move.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"attributes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < creation->inlined_count; i++) {
        const struct wv_object *attribute = creation->inlined[i];
        wv_strbuf_addf(&text, "%s\n    %s %s", text.length > 0 ? "," : "", attribute->quoted,
                       wv_object_text(attribute, "type"));
        if (wv_object_get(attribute, "collation") != NULL)
            wv_strbuf_addf(&text, " COLLATE %s", wv_object_text(attribute, "collation"));
    }
    wv_ddl_add(ddl, "CREATE TYPE %s AS (%s%s)", creation->object->identity, wv_strbuf_text(&text),
               text.length > 0 ? "\n" : "");
    wv_write_conversion(ddl, creation->object);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_drop_conversion(ddl, old);
    wv_drop(ddl, old);
}

/* Its attributes are added and dropped by themselves. */
static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    (void)ddl;
    (void)change;
}

static const char *next_of(const char *item)
{
    item += wv_list_item(item);
    return item + strspn(item, ", ");
}

/* New attributes can only be put behind the old ones: in any other order the type is made anew. */
static enum wv_way way(const struct wv_change *change)
{
    const char *old = wv_object_text(change->old, "attributes");
    const char *new = wv_object_text(change->new, "attributes");
    for (; *old != '\0'; old = next_of(old)) {
        char *item WV_AUTOFREE = wv_xstrndup(old, wv_list_item(old));
        if (!wv_list_has(wv_object_text(change->new, "attributes"), item))
            continue;
        if (strncmp(new, old, wv_list_item(old)) != 0 || wv_list_item(new) != wv_list_item(old))
            return WV_WAY_RECREATE;
        new = next_of(new);
    }
    return WV_WAY_ALTER;
}

/* It is a relation by its name, too. */
static char *holds(const struct wv_object *type)
{
    return wv_xstrdup(type->identity);
}

const struct wv_kind wv_kind_composite_type = {
    .name = "composite type",
    .sql_name = "TYPE",
    .rank = 64,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .holds = holds,
    .way = way,
    .set_aside = wv_rename_aside,
};
