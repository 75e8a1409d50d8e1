/* Transforms between a type and a language. See kind.h. */
#include "ddl.h"
#include "difference.h"
#include "kinds.h"
#include "strbuf.h"

static const struct wv_attribute attributes[] = {
    {"from_sql", WV_WAY_ALTER},
    {"to_sql", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *transform, const char *words)
{
    const char *from = wv_object_get(transform, "from_sql");
    const char *to = wv_object_get(transform, "to_sql");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (from != NULL)
        wv_strbuf_addf(&text, "FROM SQL WITH FUNCTION %s", from);
    if (to != NULL)
        wv_strbuf_addf(&text, "%sTO SQL WITH FUNCTION %s", from != NULL ? ", " : "", to);
    wv_ddl_add(ddl, "%s TRANSFORM %s (%s)", words, transform->identity, wv_strbuf_text(&text));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "CREATE");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, "CREATE OR REPLACE");
}

static bool lets_go(const struct wv_change *change, const char *attribute)
{
    return wv_object_get(change->old, attribute) != NULL && wv_change_of(change, attribute);
}

/* A function of it that goes does so before the type changes that both are of, and a new one comes
 * after that. */
static enum wv_way way(const struct wv_change *change)
{
    return lets_go(change, "from_sql") || lets_go(change, "to_sql") ? WV_WAY_RECREATE
                                                                    : WV_WAY_ALTER;
}

const struct wv_kind wv_kind_transform = {
    .name = "transform",
    .sql_name = "TRANSFORM",
    .rank = 76,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .way = way,
};
