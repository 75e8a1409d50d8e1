/* How a column of a table in use becomes NOT NULL without a scan that holds others up: a check that
 * is valid proves it, be it one of the table's own or one made for that. From PostgreSQL 18 on it
 * is a constraint, with a name and all that goes with one. Internal to the folder. */
#ifndef WV_NOT_NULL_H
#define WV_NOT_NULL_H

#include "ddl.h"
#include "difference.h"
#include "strbuf.h"

/* The name to be given to the constraint of a column or domain; NULL: none, or the one that the
 * server chooses by itself. */
const char *wv_not_null_name(const struct wv_ddl *ddl, const struct wv_object *object);

/* Looks at all rows, unless a valid check proves it. */
struct wv_ddl_statement *wv_set_not_null(struct wv_ddl *ddl, const struct wv_object *column);

/* As CREATE TABLE and ADD COLUMN say it behind a new column; what they cannot say of it. */
void wv_write_not_null(struct wv_strbuf *out, const struct wv_ddl *ddl,
                       const struct wv_object *column);
void wv_write_not_null_rest(struct wv_ddl *ddl, const struct wv_object *column);

/* A column becomes NOT NULL, or stops to be it, or its constraint changes. */
void wv_change_not_null(struct wv_ddl *ddl, const struct wv_change *change);

/* Before a check is dropped: what it has proven is said of its column. */
void wv_write_proven_not_null(struct wv_ddl *ddl, const struct wv_object *check);

/* Has the column it by its table's parents alone? Is it its table's own, so that a statement has to
 * say it when the parents give the column? Before PostgreSQL 18: what they do not have. */
bool wv_is_not_null_by_parents(const struct wv_object *column);
bool wv_has_own_not_null(const struct wv_catalog *catalog, const struct wv_object *column);
/* May the column be NULL although the parents' is not? Before PostgreSQL 18 only. */
bool wv_may_be_null_alone(const struct wv_catalog *catalog, const struct wv_object *column);
/* Does a parent that the table keeps hand it on, before and after; after, whatever was before? */
bool wv_is_not_null_given_all_the_time(const struct wv_ddl *ddl, const struct wv_object *column);
bool wv_is_not_null_given_from_now(const struct wv_ddl *ddl, const struct wv_object *column);
/* Does a parent that the table takes on now? */
bool wv_is_not_null_asked_for(const struct wv_ddl *ddl, const struct wv_object *column);
/* Does it come or go with what is said of the parents? */
bool wv_not_null_follows_parent(const struct wv_ddl *ddl, const struct wv_change *change);
/* Does it become the parents' alone, or the table's own as well? What is written then. */
bool wv_not_null_changes_hands(const struct wv_change *change);
void wv_write_not_null_hands(struct wv_ddl *ddl, const struct wv_change *change);
/* Before heirs are handed it; before and after it goes where heirs are to keep it. */
void wv_make_way_for_not_null(struct wv_ddl *ddl, const struct wv_object *column);
void wv_keep_not_null_of_heirs(struct wv_ddl *ddl, const struct wv_object *column);
void wv_restore_not_null_of_heirs(struct wv_ddl *ddl, const struct wv_object *column);
/* Do tables that are there become heirs of this one? They would need what proves it as well. */
bool wv_gets_heirs(const struct wv_ddl *ddl, const struct wv_object *table);
/* Does its constraint get another name: by RENAME; where the server refuses that, by another
 * constraint? Neither, of two names: nothing changes it. */
bool wv_is_not_null_renamed(const struct wv_change *change);
bool wv_is_not_null_replaced(const struct wv_change *change);

#endif
