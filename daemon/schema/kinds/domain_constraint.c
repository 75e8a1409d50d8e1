/* Check constraints of domains. See kind.h. */
#include "ddl.h"
#include "kinds.h"
#include "rebuild.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"is_valid", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *check = creation->object;
    bool is_checked = ddl->is_plain && wv_object_is(check, "is_valid");
    struct wv_ddl_statement *statement = wv_ddl_add(
        ddl, "ALTER DOMAIN %s ADD CONSTRAINT %s %s%s", check->parent->identity, check->quoted,
        wv_object_text(check, "definition"), is_checked ? "" : " NOT VALID");
    if (!is_checked && wv_object_is(check, "is_valid")) {
        statement = wv_ddl_add(ddl, "ALTER DOMAIN %s VALIDATE CONSTRAINT %s",
                               check->parent->identity, check->quoted);
        statement->turn = WV_TURN_VALIDATE;
    }
    if (!wv_object_is(check, "is_valid"))
        return;
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "values that break %s", check->quoted);
    wv_tell_users_of_domain(ddl, statement, check->parent);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER DOMAIN %s VALIDATE CONSTRAINT %s", change->new->parent->identity,
                   change->new->quoted);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "values that break %s", change->new->quoted);
    wv_tell_users_of_domain(ddl, statement, change->new->parent);
    if (!ddl->is_plain)
        statement->turn = WV_TURN_VALIDATE;
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_add(ddl, "ALTER DOMAIN %s DROP CONSTRAINT %s", old->parent->identity, old->quoted);
}

static enum wv_way way(const struct wv_change *change)
{
    return wv_change_of(change, "definition") || !wv_object_is(change->new, "is_valid")
               ? WV_WAY_RECREATE
               : WV_WAY_ALTER;
}

/* The server does not look for values inside of arrays, ranges, composites. */
static bool asks_rebuild(const struct wv_difference *difference, const struct wv_twin *twin)
{
    const struct wv_object *domain =
        twin->new == NULL ? NULL : wv_twin_of_new(difference, twin->new->parent)->old;
    return domain != NULL && wv_object_is(twin->new, "is_valid") &&
           wv_is_contained(difference, domain);
}

/* CREATE DOMAIN knows no NOT VALID. */
static bool can_be_inline(const struct wv_object *check)
{
    return wv_object_is(check, "is_valid");
}

const struct wv_kind wv_kind_domain_constraint = {
    .name = "domain constraint",
    .sql_name = "CONSTRAINT",
    .rank = 63,
    .traits = WV_KIND_MAY_BE_INLINE | WV_KIND_NAMED_ON_PARENT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .can_be_inline = can_be_inline,
    .way = way,
    .asks_rebuild = asks_rebuild,
};
