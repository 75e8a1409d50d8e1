/* Enumerations. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"labels", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* Are all old labels there still, in their order? */
static bool only_adds(const struct wv_change *change)
{
    const char *new = wv_object_text(change->new, "labels");
    for (const char *old = wv_object_text(change->old, "labels"); *old != '\0';
         old = wv_list_next(old)) {
        size_t length = wv_list_item(old);
        while (*new != '\0' && !(wv_list_item(new) == length && strncmp(new, old, length) == 0))
            new = wv_list_next(new);
        if (*new == '\0')
            return false;
        new = wv_list_next(new);
    }
    return true;
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_ddl_add(ddl, "CREATE TYPE %s AS ENUM (%s)", creation->object->identity,
               wv_object_text(creation->object, "labels"));
}

/* Each new label goes behind the one before it; the first before what was the first. */
static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_text(change->old, "labels");
    const char *last = NULL;
    for (const char *at = wv_object_text(change->new, "labels"); *at != '\0';
         at = wv_list_next(at)) {
        char *label WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (!wv_list_has(old, label)) {
            const char *beside = last != NULL ? last : old;
            struct wv_ddl_statement *statement =
                wv_ddl_add(ddl, "ALTER TYPE %s ADD VALUE %s%s%.*s", change->new->identity, label,
                           *beside == '\0' ? ""
                           : last != NULL  ? " AFTER "
                                           : " BEFORE ",
                           (int)wv_list_item(beside), beside);
            statement->commits_after = true;
        }
        last = at;
    }
}

/* Labels are taken out, and moved, of no type that is there. */
static enum wv_way way(const struct wv_change *change)
{
    return only_adds(change) ? WV_WAY_ALTER : WV_WAY_RECREATE;
}

const struct wv_kind wv_kind_enum = {
    .name = "enum",
    .sql_name = "TYPE",
    .rank = 61,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES | WV_KIND_IS_UNMINDED,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .way = way,
    .set_aside = wv_rename_aside,
};
