/* What the writers of several kinds share. Internal to the folder. */
#ifndef WV_WRITING_H
#define WV_WRITING_H

#include "ddl.h"
#include "difference.h"
#include "kind.h"
#include "strbuf.h"

/* "COLUMN public.t.a", "TRIGGER x ON public.t": as COMMENT ON and ALTER name it. The caller's own.
 */
char *wv_object_target(const struct wv_object *object);

/* What parts of a table are written with: ALTER TABLE public.t, and for a view ALTER VIEW. */
const char *wv_relation_words(const struct wv_object *relation);

/* Adds "ALTER TABLE <relation> <rest>" with the lock that it takes, when the table is there
 * already. */
struct wv_ddl_statement *wv_ddl_alter_table(struct wv_ddl *ddl, const struct wv_object *relation,
                                            const char *lock, const char *format, ...)
    WV_PRINTF(4, 5);
/* The same of this table alone, where others inherit of it: each of them has statements of its own.
 */
struct wv_ddl_statement *wv_ddl_alter_only(struct wv_ddl *ddl, const struct wv_object *relation,
                                           const char *lock, const char *format, ...)
    WV_PRINTF(4, 5);
/* "ALTER COLUMN <column> <rest><value>" by either of the two; `value` may be NULL. */
struct wv_ddl_statement *wv_alter_column(struct wv_ddl *ddl, const struct wv_object *column,
                                         const char *lock, const char *rest, const char *value);
void wv_alter_column_only(struct wv_ddl *ddl, const struct wv_object *column, const char *lock,
                          const char *rest, const char *value);
/* Says which lock the statement takes on a table that is there already. */
void wv_ddl_lock(struct wv_ddl *ddl, struct wv_ddl_statement *statement, const char *lock,
                 const struct wv_object *relation);

/* What leads from one list of "key value" to another, itself such a list: items that are new, that
 * have another value, and keys that are gone, each with its word before it. */
void wv_write_list_change(struct wv_strbuf *out, const struct wv_change *change,
                          const char *attribute, const char *added, const char *changed,
                          const char *removed);
/* " OPTIONS (...)" of what belongs to a foreign data wrapper: what CREATE has, and what ALTER
 * changes; nothing when there is nothing to say. */
void wv_write_foreign_options(struct wv_strbuf *out, const struct wv_object *object);
void wv_change_foreign_options(struct wv_strbuf *out, const struct wv_change *change);

/* "WORD = value, WORD = value" of the attributes that are not NULL, behind a comma when something
 * other than "(" is before it. */
struct wv_clause {
    const char *attribute; /* NULL ends the list */
    const char *word;
};
void wv_write_clauses(struct wv_strbuf *out, const struct wv_object *object,
                      const struct wv_clause *clauses);

/* What leads from one list of key=value to another: for SET, and, as keys, for RESET. */
void wv_find_options(struct wv_strbuf *set, struct wv_strbuf *reset, const char *old,
                     const char *new);
/* SET and RESET of what differs in a list of key=value: ALTER TABLE, ALTER INDEX, ALTER VIEW ...;
 * of the object itself, or of what it names `name`. */
void wv_write_options(struct wv_ddl *ddl, const struct wv_change *change, const char *words,
                      const char *attribute);
void wv_write_options_of(struct wv_ddl *ddl, const struct wv_change *change, const char *words,
                         const char *name, const char *attribute);

/* A table as it was; NULL: it is new, or made anew and has nothing of what the old one had. */
const struct wv_object *wv_table_before(const struct wv_ddl *ddl, const struct wv_object *table);
/* Does the statement that alters what has the comment, the privileges, take them along? */
bool wv_goes_with_change(const struct wv_ddl *ddl, const struct wv_object *facet);
/* Takes all back, as long as who owned the object does so. */
void wv_drop_privileges(struct wv_ddl *ddl, const struct wv_object *acl);
/* Are there rows that a change of this relation concerns: does it exist before, and hold rows? */
bool wv_ddl_holds_rows(const struct wv_ddl *ddl, const struct wv_object *relation);

/* The expression of the column's default among the parts that a creation writes; NULL: none. */
const char *wv_inlined_default(const struct wv_creation *creation, const struct wv_object *column);
/* That the table is a partition, when its creation says so; NULL: it does not. */
const struct wv_object *wv_inlined_partition(const struct wv_creation *creation);

/* DROP of a view or materialized view. Who reads it notices when it is gone for good, or comes back
 * with other columns. */
void wv_drop_view(struct wv_ddl *ddl, const struct wv_object *old);

/* The column of the new schema as CREATE TABLE and ADD COLUMN write it; `expression`: its default,
 * or NULL. */
void wv_write_column(struct wv_strbuf *out, const struct wv_ddl *ddl,
                     const struct wv_object *column, const char *expression);
/* What tables and foreign tables share: columns and constraints between the parentheses of CREATE;
 * what a partition or typed table has otherwise than what it is made of gives it; what CREATE
 * cannot say of columns and constraints. */
void wv_write_table_columns(struct wv_strbuf *out, const struct wv_ddl *ddl,
                            const struct wv_creation *creation, bool is_typed);
void wv_write_own_columns(struct wv_ddl *ddl, const struct wv_creation *creation);
/* The same of one column; `own`: its default, or NULL. */
void wv_write_own_column(struct wv_ddl *ddl, const struct wv_object *column, const char *own);
void wv_write_table_parts_rest(struct wv_ddl *ddl, const struct wv_creation *creation);
struct wv_sequence_bounds {
    long long minimum;
    long long maximum;
};

/* A sequence's value is moved to where its new bounds hold it, before they are set. There is no
 * such place when the sequence has to begin anew, which whoever sets the bounds has to say. */
void wv_write_sequence_value(struct wv_ddl *ddl, const char *sequence,
                             const struct wv_sequence_bounds *old,
                             const struct wv_sequence_bounds *new);
bool wv_sequence_begins_anew(const struct wv_sequence_bounds *old,
                             const struct wv_sequence_bounds *new);
/* What no CREATE TABLE can say of a column, as statements of their own. */
void wv_write_column_rest(struct wv_ddl *ddl, const struct wv_object *column);
void wv_alter_column_rest(struct wv_ddl *ddl, const struct wv_change *change);
void wv_alter_column_stored(struct wv_ddl *ddl, const struct wv_change *change);
/* Columns of one table, or of several whose heirs share some of them: those that go over to another
 * type do so in one statement, which rewrites the table once. */
void wv_alter_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count);
/* How its values are stored, where that is not as its type has it: lost with the old type. */
void wv_write_column_stored(struct wv_ddl *ddl, const struct wv_object *column);
/* What a column's new type takes away from indexes and statistics that are rebuilt with it, and
 * from those of the tables that inherit the column: statistics targets, and all that a partition's
 * copy of an index has of its own. `column` is the old one. */
void wv_write_lost_with_type(struct wv_ddl *ddl, const struct wv_object *column);
/* What a new part of the partitioned table, as it was, does to its default partition. */
void wv_tell_default_partition(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                               const struct wv_object *whole);
/* Tables that use the domain, as it was, are read whole and not written to meanwhile. */
void wv_tell_users_of_domain(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                             const struct wv_object *domain);
/* DROP of it by the name that it has then. */
void wv_drop(struct wv_ddl *ddl, const struct wv_object *old);
/* ALTER ... RENAME TO aside, of what is rebuilt. */
void wv_rename_aside(struct wv_ddl *ddl, const struct wv_object *old, const char *aside);
/* A type that is declared only; DROP of one that its own functions need as it needs them. */
void wv_write_shell(struct wv_ddl *ddl, const struct wv_object *type, bool exists);
void wv_drop_with_functions(struct wv_ddl *ddl, const struct wv_object *old);
/* Statistics targets of an index' expressions, a list of column=target; NULL: none. */
void wv_write_index_statistics(struct wv_ddl *ddl, const char *index, const char *statistics);
void wv_change_index_statistics(struct wv_ddl *ddl, const char *index, const char *old,
                                const char *new);
/* CLUSTER ON and REPLICA IDENTITY of an index, or of a constraint's. */
void wv_write_index_marks(struct wv_ddl *ddl, const struct wv_object *index);
void wv_write_cluster(struct wv_ddl *ddl, const struct wv_object *index);
/* Can it be the replica identity only when what makes columns NOT NULL has been validated? */
bool wv_is_replica_identity_later(const struct wv_ddl *ddl, const struct wv_object *index);
void wv_change_index_marks(struct wv_ddl *ddl, const struct wv_change *change);

#endif
