/* Comments. See kind.h. */
#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"text", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *comment, const char *text)
{
    char *target WV_AUTOFREE = wv_object_target(comment->parent);
    char *literal WV_AUTOFREE = text == NULL ? wv_xstrdup("NULL") : wv_quote_literal(text);
    wv_ddl_add(ddl, "COMMENT ON %s IS %s", target, literal);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_get(creation->object, "text"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_get(change->new, "text"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (!wv_goes_with_change(ddl, old))
        write(ddl, old, NULL);
}

const struct wv_kind wv_kind_comment = {
    .name = "comment",
    .sql_name = "COMMENT",
    .rank = 142,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
