/* Privileges as statements. They are kept as two lists: what is granted beyond, and revoked of,
 * what an object of its kind has by default. An item is "SELECT TO role WITH GRANT OPTION" or
 * "SELECT FROM PUBLIC"; the owner is written <owner>. Internal to the folder. */
#ifndef WV_PRIVILEGES_H
#define WV_PRIVILEGES_H

#include "ddl.h"
#include "strbuf.h"

/* An item of such a list, whose parts are borrowed of it. */
struct wv_privilege_role {
    const char *name; /* as it is quoted; <owner>, PUBLIC, CURRENT_USER */
    size_t length;
};

struct wv_privilege {
    size_t length; /* of the privilege's own name, with which the item begins */
    struct wv_privilege_role grantee;
    struct wv_privilege_role grantor; /* empty: the owner */
    bool has_option;
};

struct wv_privilege wv_privilege_read(const char *item);

/* On what: "GRANT" with what before it, "TABLE public.t", whom <owner> means, and the column that
 * the privileges are of, or NULL. `taken`, which may be NULL, gets what is revoked: "SELECT FROM
 * role". */
struct wv_privilege_target {
    const char *before;
    const char *on;
    const char *owner;
    const char *column;
    struct wv_strbuf *taken;
    const char *had; /* what was granted before the object was made anew; NULL: nothing */
};

/* One statement for each grantee of the items in `list` that `other` has not. */
void wv_write_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                         const char *list, const char *other, bool is_grant);
/* What the lists of an object have become when its owner is changed to the target's: what the role
 * had been given is its own now. They stay as they are when that is who owned it. */
void wv_privileges_handed_over(struct wv_strbuf *grants, struct wv_strbuf *revokes,
                               const char *old_grants, const char *old_revokes,
                               const struct wv_privilege_target *target);
/* From one pair of lists to another; the target's owner is the new one, and owns the object. */
void wv_change_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                          const struct wv_object *old, const struct wv_object *new);
/* What a revocation on the whole table took from a column that had it by itself and keeps it. */
void wv_give_back(struct wv_ddl *ddl, const struct wv_privilege_target *column, const char *taken,
                  const char *grants);
/* Do these default privileges give something to the object when it is created? */
bool wv_default_privileges_apply(const struct wv_object *defaults, const struct wv_object *created);
/* What an object that was just created has been given by default privileges and should not have. */
void wv_undo_default_privileges(struct wv_ddl *ddl, const struct wv_object *created);

/* What the owner is an attribute of: of columns and their sequences their table, else itself. */
const struct wv_object *wv_owned(const struct wv_object *object);

/* "TABLE public.t", "FOREIGN SERVER s": as GRANT names it, a column by its table. The caller's own.
 */
char *wv_grant_target(const struct wv_object *object);

#endif
