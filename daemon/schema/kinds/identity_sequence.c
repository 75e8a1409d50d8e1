/* The sequence of an identity, for what is attached to it: privileges, a comment. All else of it is
 * its column's. See kind.h. */
#include "ddl.h"
#include "kinds.h"

/* It is there with its column's identity, and goes with it. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    (void)ddl;
    (void)creation;
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
    .create = create,
    .drop = drop,
};
