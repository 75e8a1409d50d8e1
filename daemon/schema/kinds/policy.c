/* Policies of row-level security. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"command", WV_WAY_RECREATE}, {"is_permissive", WV_WAY_RECREATE},
    {"roles", WV_WAY_ALTER},      {"using", WV_WAY_ALTER},
    {"check", WV_WAY_ALTER},      {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"using", "check", NULL};

static void write_tail(struct wv_strbuf *out, const struct wv_object *policy)
{
    const char *using = wv_object_get(policy, "using");
    const char *check = wv_object_get(policy, "check");
    wv_strbuf_addf(out, " TO %s", wv_object_text(policy, "roles"));
    if (using != NULL)
        wv_strbuf_addf(out, " USING (%s)", using);
    if (check != NULL)
        wv_strbuf_addf(out, " WITH CHECK (%s)", check);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *policy = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE POLICY %s ON %s%s FOR %s", policy->quoted,
                   policy->parent->identity,
                   wv_object_is(policy, "is_permissive") ? "" : " AS RESTRICTIVE",
                   wv_object_text(policy, "command"));
    write_tail(&text, policy);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", policy->parent);
    const struct wv_object *old = wv_catalog_find(ddl->before, policy->kind, policy->identity);
    if (wv_object_is(policy, "is_permissive") && wv_ddl_existed(ddl, policy->parent) &&
        (old == NULL || old->hash != policy->hash))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "rows of %s",
                      policy->parent->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "ALTER POLICY %s ON %s", change->new->quoted,
                   change->new->parent->identity);
    write_tail(&text, change->new);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", change->new->parent);
    wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES,
                  "rows of %s that the policy did not show before", change->new->parent->identity);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "DROP POLICY %s ON %s", old->quoted, old->parent->identity);
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", old->parent);
    const struct wv_object *new = wv_catalog_find(ddl->after, old->kind, old->identity);
    if (!wv_object_is(old, "is_permissive") && (new == NULL || new->hash != old->hash))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "rows of %s", old->parent->identity);
}

/* ALTER POLICY can change its expressions, not take them away. */
static enum wv_way way(const struct wv_change *change)
{
    if (wv_change_of(change, "command") || wv_change_of(change, "is_permissive") ||
        (wv_object_get(change->old, "using") != NULL &&
         wv_object_get(change->new, "using") == NULL) ||
        (wv_object_get(change->old, "check") != NULL &&
         wv_object_get(change->new, "check") == NULL))
        return WV_WAY_RECREATE;
    return WV_WAY_ALTER;
}

const struct wv_kind wv_kind_policy = {
    .name = "policy",
    .sql_name = "POLICY",
    .rank = 118,
    .traits = WV_KIND_FACET | WV_KIND_NAMED_ON_PARENT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .way = way,
};
