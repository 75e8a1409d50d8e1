/* Domains. See kind.h. */
#include "kinds.h"
#include "lookup.h"
#include "not_null.h"
#include "quote.h"
#include "rebuild.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},          {"collation", WV_WAY_RECREATE},
    {"not_null", WV_WAY_ALTER},         {"default", WV_WAY_ALTER},
    {"not_null_name", WV_WAY_ALTER},    {"has_usual_not_null", WV_WAY_NONE},
    {"not_null_comment", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"default", NULL};

static void write_head(struct wv_strbuf *out, const struct wv_ddl *ddl,
                       const struct wv_object *domain)
{
    const char *name = wv_not_null_name(ddl, domain);
    wv_strbuf_addf(out, "DOMAIN %s AS %s", domain->identity, wv_object_text(domain, "type"));
    if (wv_object_get(domain, "collation") != NULL)
        wv_strbuf_addf(out, " COLLATE %s", wv_object_text(domain, "collation"));
    if (wv_object_get(domain, "default") != NULL)
        wv_strbuf_addf(out, " DEFAULT %s", wv_object_text(domain, "default"));
    if (name != NULL)
        wv_strbuf_addf(out, " CONSTRAINT %s", name);
    if (wv_object_is(domain, "not_null"))
        wv_strbuf_adds(out, " NOT NULL");
}

static void write_check(struct wv_strbuf *out, const struct wv_object *check)
{
    wv_strbuf_addf(out, "\n    CONSTRAINT %s %s", check->quoted,
                   wv_object_text(check, "definition"));
}

static void write_not_null_comment(struct wv_ddl *ddl, const struct wv_object *domain)
{
    const char *comment = wv_object_get(domain, "not_null_comment");
    char *text WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    wv_ddl_add(ddl, "COMMENT ON CONSTRAINT %s ON DOMAIN %s IS %s",
               wv_object_text(domain, "not_null_name"), domain->identity, text);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_head(&text, ddl, creation->object);
    for (size_t i = 0; i < creation->inlined_count; i++)
        write_check(&text, creation->inlined[i]);
    wv_ddl_add(ddl, "CREATE %s", wv_strbuf_text(&text));
    if (wv_object_get(creation->object, "not_null_comment") != NULL)
        write_not_null_comment(ddl, creation->object);
}

static void write_not_null(struct wv_ddl *ddl, const struct wv_object *domain)
{
    bool is_set = wv_object_is(domain, "not_null");
    const char *name = wv_not_null_name(ddl, domain);
    struct wv_ddl_statement *statement =
        name != NULL
            ? wv_ddl_add(ddl, "ALTER DOMAIN %s ADD CONSTRAINT %s NOT NULL", domain->identity, name)
            : wv_ddl_add(ddl, "ALTER DOMAIN %s %s NOT NULL", domain->identity,
                         is_set ? "SET" : "DROP");
    if (is_set) {
        wv_tell_users_of_domain(ddl, statement, domain);
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows without a %s", domain->identity);
    }
}

static void tell_users(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                       const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++) {
        const struct wv_object *user = old->needed_by[i].object;
        if (user->kind == &wv_kind_domain)
            tell_users(ddl, statement, user);
        if (user->kind != &wv_kind_column || !wv_ddl_holds_rows(ddl, user->parent))
            continue;
        wv_ddl_lock(ddl, statement, "SHARE", user->parent);
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", user->parent->identity);
    }
}

void wv_tell_users_of_domain(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                             const struct wv_object *domain)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, domain->kind, domain->identity);
    if (old != NULL)
        tell_users(ddl, statement, old);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *domain = change->new;
    if (wv_change_of(change, "default")) {
        const char *value = wv_object_get(domain, "default");
        wv_ddl_add(ddl, "ALTER DOMAIN %s %s%s", domain->identity,
                   value != NULL ? "SET DEFAULT " : "DROP DEFAULT", value != NULL ? value : "");
    }
    if (wv_change_of(change, "not_null"))
        write_not_null(ddl, domain);
    else if (wv_change_of(change, "not_null_name"))
        wv_ddl_add(ddl, "ALTER DOMAIN %s RENAME CONSTRAINT %s TO %s", domain->identity,
                   wv_object_text(change->old, "not_null_name"),
                   wv_object_text(domain, "not_null_name"));
    bool is_commented = wv_object_get(domain, "not_null_comment") != NULL;
    if (wv_object_is(domain, "not_null") && (wv_change_of(change, "not_null_comment") ||
                                             (wv_change_of(change, "not_null") && is_commented)))
        write_not_null_comment(ddl, domain);
}

static const char *other_name(const struct wv_object *domain)
{
    return wv_object_is(domain, "has_usual_not_null") ? NULL
                                                      : wv_object_get(domain, "not_null_name");
}

/* The server does not look for values inside of arrays, ranges, composites. */
static bool asks_rebuild(const struct wv_difference *difference, const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_ALTER && wv_object_is(twin->new, "not_null") &&
           !wv_object_is(twin->old, "not_null") && wv_is_contained(difference, twin->old);
}

const struct wv_kind wv_kind_domain = {
    .name = "domain",
    .sql_name = "DOMAIN",
    .rank = 62,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .set_aside = wv_rename_aside,
    .other_name = other_name,
    .asks_rebuild = asks_rebuild,
};
