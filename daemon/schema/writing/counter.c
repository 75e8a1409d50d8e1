/* See counter.h. A new sequence begins at its start, whatever the table holds: it is moved to where
 * the old one is, or, without one, behind the values that are there. */
#include "counter.h"

#include <string.h>

#include "free_name.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

/* That of its default. */
static const struct wv_object *sequence_of(const struct wv_object *column)
{
    return wv_need_of_kind(wv_part_of_kind(column, &wv_kind_default), &wv_kind_sequence);
}

static bool is_identity(const struct wv_object *column)
{
    return wv_object_get(column, "identity") != NULL;
}

static bool is_number(const struct wv_object *column)
{
    static const char *const names[] = {"smallint", "integer", "bigint"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(wv_object_text(column, "type"), names[i]) == 0)
            return true;
    return false;
}

/* Does it vanish with the column that owns it? */
static bool goes_with_owner(const struct wv_difference *difference,
                            const struct wv_object *sequence)
{
    const struct wv_object *column =
        wv_need_of_kind(wv_part_of_kind(sequence, &wv_kind_sequence_owner), &wv_kind_column);
    return column != NULL && wv_twin_of_old(difference, column)->new == NULL;
}

/* The column whose default needs the sequence, as the n-th of those that do so. */
static const struct wv_object *user_of(const struct wv_object *sequence, size_t n)
{
    const struct wv_object *user = sequence->needed_by[n].object;
    bool is_used = user->kind == &wv_kind_default && user->parent->kind == &wv_kind_column;
    return is_used ? user->parent : NULL;
}

const struct wv_object *wv_counter_heir(const struct wv_difference *difference,
                                        const struct wv_object *sequence)
{
    if (wv_twin_of_old(difference, sequence)->deed != WV_DEED_DROP ||
        goes_with_owner(difference, sequence))
        return NULL;
    for (size_t i = 0; i < sequence->needed_by_count; i++) {
        const struct wv_object *old = user_of(sequence, i);
        const struct wv_twin *twin = old == NULL ? NULL : wv_twin_of_old(difference, old);
        if (twin != NULL && twin->deed == WV_DEED_ALTER && is_identity(twin->new))
            return twin->new;
    }
    return NULL;
}

bool wv_counter_is_followed(const struct wv_difference *difference,
                            const struct wv_object *sequence)
{
    for (size_t i = 0; i < sequence->needed_by_count; i++) {
        const struct wv_object *old = user_of(sequence, i);
        const struct wv_object *new =
            old == NULL ? NULL : sequence_of(wv_twin_of_old(difference, old)->new);
        if (new != NULL && wv_twin_of_new(difference, new)->deed == WV_DEED_CREATE)
            return true;
    }
    return false;
}

const struct wv_object *wv_counter_origin(const struct wv_difference *difference,
                                          const struct wv_object *sequence)
{
    if (wv_twin_of_new(difference, sequence)->deed != WV_DEED_CREATE)
        return NULL;
    for (size_t i = 0; i < sequence->needed_by_count; i++) {
        const struct wv_object *new = user_of(sequence, i);
        const struct wv_twin *twin = new == NULL ? NULL : wv_twin_of_new(difference, new);
        if (twin != NULL && twin->deed == WV_DEED_ALTER && is_identity(twin->old) &&
            !is_identity(new) && is_number(new))
            return twin->old;
    }
    return NULL;
}

static char *unquote(const char *name)
{
    char *raw = wv_xstrdup(name);
    if (raw[0] != '"')
        return raw;
    char *to = raw;
    for (const char *at = name + 1; *at != '\0' && !(at[0] == '"' && at[1] != '"'); at++) {
        at += at[0] == '"'; /* of two, one is meant */
        *to++ = *at;
    }
    *to = '\0';
    return raw;
}

/* The name that a sequence has while another takes its place: "public.t_a_seq_old". */
static char *aside(const struct wv_ddl *ddl, const char *schema, const char *sequence)
{
    const char *last = wv_last_part(sequence);
    char *name WV_AUTOFREE = unquote(last);
    char *other WV_AUTOFREE = wv_free_name(ddl->difference, schema, name, "_old");
    return wv_xasprintf("%.*s%s", (int)(last - sequence), sequence, other);
}

static void put_aside(struct wv_ddl *ddl, const char *schema, const char *sequence)
{
    char *name WV_AUTOFREE = aside(ddl, schema, sequence);
    wv_ddl_add(ddl, "ALTER SEQUENCE %s RENAME TO %s", sequence, wv_last_part(name));
}

static bool is_descending(const char *options)
{
    return strstr(options, "INCREMENT BY -") != NULL;
}

static void follow_sequence(struct wv_ddl *ddl, const char *new, const char *old, bool descends)
{
    char *literal WV_AUTOFREE = wv_quote_literal(new);
    wv_ddl_add(ddl,
               "SELECT pg_catalog.setval(%s, o.last_value) FROM %s o, %s n "
               "WHERE o.is_called AND o.last_value %s n.last_value",
               literal, old, new, descends ? "<=" : ">=");
}

static struct wv_ddl_statement *follow_rows(struct wv_ddl *ddl, const char *new,
                                            const struct wv_object *column, bool descends)
{
    const struct wv_object *table = column->parent;
    const char *end = descends ? "min" : "max";
    char *literal WV_AUTOFREE = wv_quote_literal(new);
    return wv_ddl_add(ddl,
                      "SELECT pg_catalog.setval(%s, pg_catalog.%s(%s)) FROM %s "
                      "HAVING pg_catalog.%s(%s) %s (SELECT last_value FROM %s)",
                      literal, end, column->quoted, table->identity, end, column->quoted,
                      descends ? "<=" : ">=", new);
}

static void follow_values(struct wv_ddl *ddl, const char *new, const struct wv_object *column,
                          bool descends)
{
    if (wv_ddl_holds_rows(ddl, column->parent) && is_number(column))
        wv_ddl_hazard(follow_rows(ddl, new, column, descends), WV_HAZARD_SCAN,
                      "%s, unless an index begins with %s", column->parent->identity,
                      column->quoted);
}

void wv_write_identity_counter(struct wv_ddl *ddl, const struct wv_change *column)
{
    const char *new = wv_object_text(column->new, "identity_sequence");
    bool descends = is_descending(wv_object_text(column->new, "identity_options"));
    const struct wv_object *sequence = sequence_of(column->old);
    if (sequence != NULL && wv_counter_heir(ddl->difference, sequence) == column->new) {
        char *old WV_AUTOFREE = aside(ddl, sequence->schema, sequence->identity);
        follow_sequence(ddl, new, old, descends);
        wv_ddl_add(ddl, "DROP SEQUENCE %s", old);
    } else if (sequence != NULL && wv_twin_of_old(ddl->difference, sequence)->new != NULL) {
        follow_sequence(ddl, new, sequence->identity, descends);
    } else {
        follow_values(ddl, new, column->new, descends);
    }
}

bool wv_put_identity_aside(struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *new = wv_twin_of_old(ddl->difference, column)->new;
    const struct wv_object *sequence = sequence_of(new);
    if (sequence == NULL || wv_counter_origin(ddl->difference, sequence) != column)
        return false;
    put_aside(ddl, column->schema, wv_object_text(column, "identity_sequence"));
    return true;
}

bool wv_put_sequence_aside(struct wv_ddl *ddl, const struct wv_object *sequence)
{
    if (wv_counter_heir(ddl->difference, sequence) == NULL)
        return false;
    put_aside(ddl, sequence->schema, sequence->identity);
    return true;
}

void wv_take_identity_over(struct wv_ddl *ddl, const struct wv_object *sequence)
{
    const struct wv_object *column = wv_counter_origin(ddl->difference, sequence);
    if (column == NULL)
        return;
    char *old WV_AUTOFREE = aside(ddl, column->schema, wv_object_text(column, "identity_sequence"));
    follow_sequence(ddl, sequence->identity, old, wv_object_text(sequence, "increment")[0] == '-');
    wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE", "ALTER COLUMN %s DROP IDENTITY",
                       column->quoted);
}

void wv_put_rebuilt_identity_aside(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *sequence = wv_object_get(column, "identity_sequence");
    if (sequence != NULL)
        put_aside(ddl, column->schema, sequence);
}

/* One that has the same options is where the old one was, to the letter. */
static void follow_identity(struct wv_ddl *ddl, const struct wv_change *column)
{
    const char *options = wv_object_text(column->new, "identity_options");
    const char *new = wv_object_text(column->new, "identity_sequence");
    char *literal WV_AUTOFREE = wv_quote_literal(new);
    char *old WV_AUTOFREE =
        aside(ddl, column->old->schema, wv_object_text(column->old, "identity_sequence"));
    if (wv_change_of(column, "identity_options"))
        follow_sequence(ddl, new, old, is_descending(options));
    else
        wv_ddl_add(ddl, "SELECT pg_catalog.setval(%s, last_value, is_called) FROM %s", literal,
                   old);
}

void wv_write_rebuilt_counter(struct wv_ddl *ddl, const struct wv_change *column)
{
    const struct wv_object *new = column->new;
    const struct wv_object *sequence = sequence_of(new);
    const char *own = wv_object_get(new, "identity_sequence");
    if (own != NULL && wv_object_get(column->old, "identity_sequence") != NULL)
        follow_identity(ddl, column);
    else if (own != NULL)
        follow_rows(ddl, own, new, is_descending(wv_object_text(new, "identity_options")));
    else if (sequence != NULL && is_number(new) &&
             wv_twin_of_new(ddl->difference, sequence)->deed == WV_DEED_CREATE)
        follow_rows(ddl, sequence->identity, new, wv_object_text(sequence, "increment")[0] == '-');
}

void wv_write_default_counter(struct wv_ddl *ddl, const struct wv_object *new_default)
{
    const struct wv_object *column = new_default->parent;
    const struct wv_object *sequence = wv_need_of_kind(new_default, &wv_kind_sequence);
    const struct wv_object *was = wv_twin_of_new(ddl->difference, column)->old;
    if (column->kind != &wv_kind_column || sequence == NULL || was == NULL ||
        wv_twin_of_new(ddl->difference, sequence)->deed != WV_DEED_CREATE || is_identity(was) ||
        !wv_ddl_existed(ddl, column->parent))
        return;
    bool descends = wv_object_text(sequence, "increment")[0] == '-';
    const struct wv_object *old = sequence_of(was);
    bool is_there =
        old != NULL && (wv_twin_of_old(ddl->difference, old)->new != NULL ||
                        wv_twin_of_new(ddl->difference, new_default)->deed == WV_DEED_ALTER);
    if (is_there)
        follow_sequence(ddl, sequence->identity, old->identity, descends);
    else
        follow_values(ddl, sequence->identity, column, descends);
}
