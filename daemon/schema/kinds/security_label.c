/* Security labels. See kind.h. */
#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"provider", WV_WAY_NONE},
    {"label", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *label, const char *text)
{
    char *target WV_AUTOFREE = wv_object_target(label->parent);
    char *literal WV_AUTOFREE = text == NULL ? wv_xstrdup("NULL") : wv_quote_literal(text);
    wv_ddl_add(ddl, "SECURITY LABEL FOR %s ON %s IS %s", wv_object_text(label, "provider"), target,
               literal);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_text(creation->object, "label"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_text(change->new, "label"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, NULL);
}

const struct wv_kind wv_kind_security_label = {
    .name = "security label",
    .sql_name = "SECURITY LABEL",
    .rank = 143,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
