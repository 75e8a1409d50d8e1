/* Users of foreign servers. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *user = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_write_foreign_options(&text, user);
    wv_ddl_hazard(wv_ddl_add(ddl, "CREATE USER MAPPING FOR %s SERVER %s%s", user->quoted,
                             user->parent->identity, wv_strbuf_text(&text)),
                  WV_HAZARD_WIDENS_PRIVILEGES, "%s on the server %s", user->quoted,
                  user->parent->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *user = change->new;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_change_foreign_options(&text, change);
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER USER MAPPING FOR %s SERVER %s%s", user->quoted,
                             user->parent->identity, wv_strbuf_text(&text)),
                  WV_HAZARD_BREAKS_READERS, "foreign tables of %s, when %s cannot log in so",
                  user->parent->identity, user->quoted);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(
        wv_ddl_add(ddl, "DROP USER MAPPING FOR %s SERVER %s", old->quoted, old->parent->identity),
        WV_HAZARD_BREAKS_READERS, "foreign tables of %s for %s", old->parent->identity,
        old->quoted);
}

const struct wv_kind wv_kind_user_mapping = {
    .name = "user mapping",
    .sql_name = "USER MAPPING",
    .rank = 87,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
