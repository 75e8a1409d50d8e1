/* See identity.h. */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

/* What an identity's sequence has when nothing is said: PostgreSQL manual, CREATE SEQUENCE. */
static const char *usual_options(const char *type)
{
    if (strcmp(type, "smallint") == 0)
        return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 CACHE 1 NO CYCLE";
    if (strcmp(type, "integer") == 0)
        return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1 NO CYCLE";
    return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1 NO CYCLE";
}

static bool has_usual_sequence(const struct wv_object *column)
{
    char *raw WV_AUTOFREE = wv_xasprintf("%s_%s_seq", column->parent->name, column->name);
    char *quoted WV_AUTOFREE = wv_quote_name(column->schema, raw);
    char *bare WV_AUTOFREE = wv_xasprintf("%s.%s", column->schema, raw);
    const char *name = wv_object_text(column, "identity_sequence");
    return strlen(raw) <= 63 && (strcmp(name, quoted) == 0 || strcmp(name, bare) == 0);
}

void wv_write_identity(struct wv_strbuf *out, const struct wv_object *column)
{
    const char *options = wv_object_text(column, "identity_options");
    bool is_usual = strcmp(options, usual_options(wv_object_text(column, "type"))) == 0;
    wv_strbuf_addf(out, "GENERATED %s AS IDENTITY", wv_object_text(column, "identity"));
    if (is_usual && has_usual_sequence(column))
        return;
    wv_strbuf_adds(out, " (");
    if (!has_usual_sequence(column))
        wv_strbuf_addf(out, "SEQUENCE NAME %s%s", wv_object_text(column, "identity_sequence"),
                       is_usual ? "" : " ");
    wv_strbuf_addf(out, "%s)", is_usual ? "" : options);
}

bool wv_identity_waits(const struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *table = wv_table_before(ddl, column->parent);
    size_t at = 0;
    return wv_object_get(column, "identity") != NULL && table != NULL &&
           wv_next_heir(table, &at) != NULL;
}

void wv_write_waiting_identity(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_write_identity(&text, column);
    wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "ADD ", wv_strbuf_text(&text));
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* A table's sequence is made, and becomes, what the table is. */
static void write_persistence(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *own = wv_object_get(column, "identity_persistence");
    const char *table = column->parent->kind == &wv_kind_table
                            ? wv_object_get(column->parent, "persistence")
                            : NULL;
    wv_ddl_add(ddl, "ALTER SEQUENCE %s SET %s", wv_object_text(column, "identity_sequence"),
               own != NULL     ? own
               : table != NULL ? "UNLOGGED"
                               : "LOGGED");
}

/* A column's sequence is made, and becomes, of the column's type; a copy by LIKE is a bigint with
 * the other's bounds. */
static void write_type(struct wv_ddl *ddl, const struct wv_object *column, bool begins_anew)
{
    const char *own = wv_object_get(column, "identity_type");
    wv_ddl_add(ddl, "ALTER SEQUENCE %s AS %s %s%s", wv_object_text(column, "identity_sequence"),
               own != NULL ? own : wv_object_text(column, "type"),
               wv_object_text(column, "identity_options"), begins_anew ? " RESTART" : "");
}

void wv_write_own_sequence(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (column->kind != &wv_kind_column)
        return;
    if (wv_object_get(column, "identity_type") != NULL)
        write_type(ddl, column, false);
    if (wv_object_get(column, "identity_persistence") != NULL)
        write_persistence(ddl, column);
}

/* "START WITH 1 INCREMENT BY 1 ..." as ALTER COLUMN wants it: SET before each. */
static void write_identity_options(struct wv_ddl *ddl, const struct wv_object *column,
                                   bool begins_anew)
{
    static const char *const words[] = {"START ", "INCREMENT ", "MINVALUE ", "MAXVALUE ",
                                        "CACHE ", "NO CYCLE",   "CYCLE"};
    const char *at = wv_object_text(column, "identity_options");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    while (*at != '\0') {
        bool is_word = false;
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !is_word; i++)
            is_word =
                starts_with(at, words[i]) && !(at[0] == 'C' && at[1] == 'Y' && text.length > 3 &&
                                               strcmp(text.data + text.length - 3, "NO ") == 0);
        if (is_word)
            wv_strbuf_adds(&text, "SET ");
        size_t length = strcspn(at, " ");
        wv_strbuf_add(&text, at, length);
        at += length;
        if (*at != '\0')
            wv_strbuf_addc(&text, *at++);
    }
    wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", wv_strbuf_text(&text),
                    begins_anew ? " RESTART" : NULL);
}

static long long bound_of(const struct wv_object *column, const char *word)
{
    const char *at = strstr(wv_object_text(column, "identity_options"), word);
    return at == NULL ? 0 : strtoll(at + strlen(word), NULL, 10);
}

static struct wv_sequence_bounds bounds_of(const struct wv_object *column)
{
    return (struct wv_sequence_bounds){bound_of(column, " MINVALUE "),
                                       bound_of(column, " MAXVALUE ")};
}

void wv_drop_identity(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (!wv_put_identity_aside(ddl, old))
        wv_ddl_hazard(wv_alter_column(ddl, old, "ACCESS EXCLUSIVE", "DROP IDENTITY", NULL),
                      WV_HAZARD_DATA_LOSS, "how far %s has counted",
                      wv_object_text(old, "identity_sequence"));
}

void wv_add_identity(struct wv_ddl *ddl, const struct wv_change *change)
{
    wv_write_waiting_identity(ddl, change->new);
    wv_write_identity_counter(ddl, change);
    wv_write_own_sequence(ddl, change->new);
}

/* From where to where, by what steps, as which type; an own type stays when the column's changes.
 */
static void change_counting(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool has_bounds = wv_change_of(change, "identity_options");
    bool has_type =
        wv_change_of(change, "identity_type") ||
        (wv_change_of(change, "type") && wv_object_get(column, "identity_type") != NULL);
    const struct wv_sequence_bounds old = bounds_of(change->old);
    const struct wv_sequence_bounds new = bounds_of(column);
    if (has_bounds)
        wv_write_sequence_value(ddl, wv_object_text(column, "identity_sequence"), &old, &new);
    if (has_type)
        write_type(ddl, column, wv_sequence_begins_anew(&old, &new));
    else if (has_bounds)
        write_identity_options(ddl, column, wv_sequence_begins_anew(&old, &new));
}

void wv_change_identity(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_change_of(change, "identity"))
        wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "SET GENERATED ",
                        wv_object_text(column, "identity"));
    if (wv_change_of(change, "identity_sequence")) {
        char *name WV_AUTOFREE =
            wv_xstrdup(wv_last_part(wv_object_text(column, "identity_sequence")));
        wv_ddl_add(ddl, "ALTER SEQUENCE %s RENAME TO %s",
                   wv_object_text(change->old, "identity_sequence"), name);
    }
    if (wv_change_of(change, "identity_persistence"))
        write_persistence(ddl, column);
    change_counting(ddl, change);
}
