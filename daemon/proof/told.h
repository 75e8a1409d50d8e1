/* What the hazards of statements say of tables, by the names that wv_shown_name() has. Pure. */
#ifndef WV_TOLD_H
#define WV_TOLD_H

#include "ddl.h"
#include "strlist.h"

struct wv_told {
    struct wv_strlist losses;   /* rows or columns are lost */
    struct wv_strlist rewrites; /* the table is written anew */
    struct wv_strlist may_fail; /* rows may be refused */
    struct wv_strlist copied;   /* rows go into another table, which takes the place */
};

/* Adds what the hazards of one statement say. */
void wv_told_add(struct wv_told *told, const struct wv_ddl_statement *statement);
/* Adds all of `from`. */
void wv_told_merge(struct wv_told *to, const struct wv_told *from);
/* Is one of the names in a list of these? */
bool wv_told_has(const struct wv_strlist *told, const struct wv_strlist *names);
void wv_told_clear(struct wv_told *told);
#define WV_AUTOTOLD __attribute__((cleanup(wv_told_clear)))

#endif
