/* Privileges as statements. They are kept as two lists: what is granted beyond, and revoked of,
 * what an object of its kind has by default. An item is "SELECT TO role WITH GRANT OPTION" or
 * "SELECT FROM PUBLIC"; the owner is written <owner>. Internal to the folder. */
#ifndef WV_PRIVILEGES_H
#define WV_PRIVILEGES_H

#include "ddl.h"

/* On what: "GRANT" with what before it, "TABLE public.t", whom <owner> means, and the column that
 * the privileges are of, or NULL. */
struct wv_privilege_target {
    const char *before;
    const char *on;
    const char *owner;
    const char *column;
};

/* One statement for each grantee of the items in `list` that `other` has not. */
void wv_write_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                         const char *list, const char *other, bool is_grant);
/* From one pair of lists to another. */
void wv_change_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                          const struct wv_object *old, const struct wv_object *new);
/* What an object that was just created has been given by default privileges and should not have. */
void wv_undo_default_privileges(struct wv_ddl *ddl, const struct wv_object *created);

/* "TABLE public.t", "FOREIGN SERVER s": as GRANT names it, a column by its table. The caller's own.
 */
char *wv_grant_target(const struct wv_object *object);

#endif
