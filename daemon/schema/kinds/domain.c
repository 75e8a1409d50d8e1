/* Domains. See kind.h. */
#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_ALTER},    {"collation", WV_WAY_ALTER}, {"not_null", WV_WAY_ALTER},
    {"default", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

static void write_head(struct wv_strbuf *out, const struct wv_object *domain)
{
    wv_strbuf_addf(out, "DOMAIN %s AS %s", domain->identity, wv_object_text(domain, "type"));
    if (wv_object_get(domain, "collation") != NULL)
        wv_strbuf_addf(out, " COLLATE %s", wv_object_text(domain, "collation"));
    if (wv_object_get(domain, "default") != NULL)
        wv_strbuf_addf(out, " DEFAULT %s", wv_object_text(domain, "default"));
    if (wv_object_is(domain, "not_null"))
        wv_strbuf_adds(out, " NOT NULL");
}

static void write_check(struct wv_strbuf *out, const struct wv_object *check)
{
    wv_strbuf_addf(out, "\n    CONSTRAINT %s %s", check->quoted,
                   wv_object_text(check, "definition"));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_head(&text, creation->object);
    for (size_t i = 0; i < creation->inlined_count; i++)
        write_check(&text, creation->inlined[i]);
    wv_ddl_add(ddl, "CREATE %s", wv_strbuf_text(&text));
}

static bool rebuilds(const struct wv_change *change)
{
    return wv_change_of(change, "type") || wv_change_of(change, "collation");
}

/* Checks that stay as they are: none can be added to a domain that an array is made of. */
static bool is_kept(const struct wv_ddl *ddl, const struct wv_object *part,
                    const struct wv_kind *kind)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, part->kind, part->identity);
    return part->kind == kind && old != NULL && old->hash == part->hash;
}

static void write_comments(struct wv_ddl *ddl, const struct wv_object *check)
{
    for (size_t i = 0; i < check->part_count; i++)
        if (is_kept(ddl, check->parts[i], &wv_kind_comment)) {
            char *target WV_AUTOFREE = wv_object_target(check);
            char *text WV_AUTOFREE = wv_quote_literal(wv_object_text(check->parts[i], "text"));
            wv_ddl_add(ddl, "COMMENT ON %s IS %s", target, text);
        }
}

static void rebuild(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *domain = change->new;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_head(&text, domain);
    for (size_t i = 0; i < domain->part_count; i++)
        if (is_kept(ddl, domain->parts[i], &wv_kind_domain_constraint))
            write_check(&text, domain->parts[i]);
    wv_rebuild_type(ddl, change, wv_strbuf_text(&text));
    for (size_t i = 0; i < domain->part_count; i++)
        if (is_kept(ddl, domain->parts[i], &wv_kind_domain_constraint))
            write_comments(ddl, domain->parts[i]);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *domain = change->new;
    if (rebuilds(change)) {
        rebuild(ddl, change);
        return;
    }
    if (wv_change_of(change, "default")) {
        const char *value = wv_object_get(domain, "default");
        wv_ddl_add(ddl, "ALTER DOMAIN %s %s%s", domain->identity,
                   value != NULL ? "SET DEFAULT " : "DROP DEFAULT", value != NULL ? value : "");
    }
    if (!wv_change_of(change, "not_null"))
        return;
    bool is_set = wv_object_is(domain, "not_null");
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER DOMAIN %s %s NOT NULL", domain->identity, is_set ? "SET" : "DROP");
    if (is_set) {
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "every table that uses %s", domain->identity);
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows without a %s", domain->identity);
    }
}

/* A rebuilt domain takes its columns and checks along, and nothing else. */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    return !rebuilds(change) || dependant->kind == &wv_kind_column ||
           dependant->kind == &wv_kind_domain_constraint;
}

const struct wv_kind wv_kind_domain = {
    .name = "domain",
    .sql_name = "DOMAIN",
    .rank = 62,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .endures = endures,
    .rebuilds = rebuilds,
};
