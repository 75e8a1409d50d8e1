/* The sequence of an identity, for what is attached to it: privileges, a comment. All else of it is
 * its column's, also its name. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"called", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* It is there with its column's identity, has another name with it, and goes with it. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    (void)ddl;
    (void)creation;
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    (void)ddl;
    (void)change;
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    (void)ddl;
    (void)old;
}

const struct wv_kind wv_kind_identity_sequence = {
    .name = "identity sequence",
    .sql_name = "SEQUENCE",
    .rank = 105,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
