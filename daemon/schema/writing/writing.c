/* See writing.h. */
#include "writing.h"

#include <stdlib.h>
#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "quote.h"
#include "xalloc.h"

const char *wv_relation_words(const struct wv_object *relation)
{
    return relation->kind == &wv_kind_table ? "TABLE" : relation->kind->sql_name;
}

char *wv_object_target(const struct wv_object *object)
{
    const struct wv_kind *kind = object->kind;
    if ((kind->traits & WV_KIND_NAMED_IN_PARENT) != 0)
        return wv_xasprintf("COLUMN %s.%s", object->parent->identity, object->quoted);
    if ((kind->traits & WV_KIND_NAMED_ON_PARENT) != 0) {
        bool of_domain = object->parent->kind == &wv_kind_domain;
        return wv_xasprintf("%s %s ON %s%s", kind->sql_name, object->quoted,
                            of_domain ? "DOMAIN " : "", object->parent->identity);
    }
    return wv_xasprintf("%s %s", kind->sql_name,
                        kind == &wv_kind_identity_sequence ? wv_object_text(object, "called")
                                                           : object->identity);
}

void wv_ddl_lock(struct wv_ddl *ddl, struct wv_ddl_statement *statement, const char *lock,
                 const struct wv_object *relation)
{
    if (wv_ddl_existed(ddl, relation))
        wv_ddl_hazard(statement, WV_HAZARD_LOCK, "%s on %s", lock, relation->identity);
}

static struct wv_ddl_statement *alter_relation(struct wv_ddl *ddl, const struct wv_object *relation,
                                               const char *only, const char *lock, const char *rest)
{
    struct wv_ddl_statement *statement = wv_ddl_add(
        ddl, "ALTER %s %s%s %s", wv_relation_words(relation), only, relation->identity, rest);
    statement->action = strlen(statement->sql) - strlen(rest);
    wv_ddl_lock(ddl, statement, lock, relation);
    return statement;
}

struct wv_ddl_statement *wv_ddl_alter_table(struct wv_ddl *ddl, const struct wv_object *relation,
                                            const char *lock, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *rest WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    return alter_relation(ddl, relation, "", lock, rest);
}

static bool has_heirs(const struct wv_object *table)
{
    size_t at = 0;
    return table != NULL && wv_next_heir(table, &at) != NULL;
}

struct wv_ddl_statement *wv_ddl_alter_only(struct wv_ddl *ddl, const struct wv_object *relation,
                                           const char *lock, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *rest WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    bool would_spread = has_heirs(relation) ||
                        has_heirs(wv_catalog_find(ddl->before, relation->kind, relation->identity));
    return alter_relation(ddl, relation, would_spread ? "ONLY " : "", lock, rest);
}

struct wv_ddl_statement *wv_alter_column(struct wv_ddl *ddl, const struct wv_object *column,
                                         const char *lock, const char *rest, const char *value)
{
    return wv_ddl_alter_table(ddl, column->parent, lock, "ALTER COLUMN %s %s%s", column->quoted,
                              rest, value == NULL ? "" : value);
}

void wv_alter_column_only(struct wv_ddl *ddl, const struct wv_object *column, const char *lock,
                          const char *rest, const char *value)
{
    wv_ddl_alter_only(ddl, column->parent, lock, "ALTER COLUMN %s %s%s", column->quoted, rest,
                      value == NULL ? "" : value);
}

const struct wv_object *wv_table_before(const struct wv_ddl *ddl, const struct wv_object *table)
{
    return wv_ddl_existed(ddl, table) ? wv_catalog_find(ddl->before, table->kind, table->identity)
                                      : NULL;
}

bool wv_goes_with_change(const struct wv_ddl *ddl, const struct wv_object *facet)
{
    const struct wv_twin *parent = wv_twin_of_old(ddl->difference, facet->parent);
    const struct wv_kind *kind = facet->parent->kind;
    return parent->deed == WV_DEED_ALTER && kind->endures != NULL &&
           !kind->endures(&(struct wv_change){parent->old, parent->new}, facet);
}

bool wv_ddl_holds_rows(const struct wv_ddl *ddl, const struct wv_object *relation)
{
    return (relation->kind->traits & WV_KIND_HOLDS_ROWS) != 0 && wv_ddl_existed(ddl, relation);
}

static bool has_key(const char *list, const char *key, size_t length)
{
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at = wv_list_next(at))
        if (strncmp(at, key, length) == 0 && at[length] == '=')
            return true;
    return false;
}

void wv_find_options(struct wv_strbuf *set, struct wv_strbuf *reset, const char *old,
                     const char *new)
{
    for (const char *at = new; *at != '\0'; at = wv_list_next(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (!wv_list_has(old, item))
            wv_strbuf_addf(set, "%s%s", set->length > 0 ? ", " : "", item);
    }
    for (const char *at = old; *at != '\0'; at = wv_list_next(at)) {
        size_t length = strcspn(at, "=");
        if (!has_key(new, at, length))
            wv_strbuf_addf(reset, "%s%.*s", reset->length > 0 ? ", " : "", (int)length, at);
    }
}

void wv_write_options_of(struct wv_ddl *ddl, const struct wv_change *change, const char *words,
                         const char *name, const char *attribute)
{
    struct wv_strbuf set WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf reset WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_find_options(&set, &reset, wv_object_text(change->old, attribute),
                    wv_object_text(change->new, attribute));
    if (reset.length > 0)
        wv_ddl_lock(ddl, wv_ddl_add(ddl, "%s %s RESET (%s)", words, name, wv_strbuf_text(&reset)),
                    "SHARE UPDATE EXCLUSIVE", change->new);
    if (set.length > 0)
        wv_ddl_lock(ddl, wv_ddl_add(ddl, "%s %s SET (%s)", words, name, wv_strbuf_text(&set)),
                    "SHARE UPDATE EXCLUSIVE", change->new);
}

void wv_write_options(struct wv_ddl *ddl, const struct wv_change *change, const char *words,
                      const char *attribute)
{
    wv_write_options_of(ddl, change, words, change->new->identity, attribute);
}

static bool keeps_columns(const struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_catalog_find(ddl->after, old->kind, old->identity) == NULL)
        return false;
    for (size_t i = 0; i < old->part_count; i++) {
        const struct wv_object *column = old->parts[i];
        if (column->kind != &wv_kind_view_column)
            continue;
        const struct wv_object *new = wv_catalog_find(ddl->after, column->kind, column->identity);
        if (new == NULL || wv_change_of(&(struct wv_change){column, new}, "type"))
            return false;
    }
    return true;
}

void wv_drop_view(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "DROP %s %s", old->kind->sql_name, old->identity);
    if (!keeps_columns(ddl, old))
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", old->identity);
}

const struct wv_object *wv_inlined_partition(const struct wv_creation *creation)
{
    for (size_t i = 0; i < creation->inlined_count; i++)
        if (creation->inlined[i]->kind == &wv_kind_partition)
            return creation->inlined[i];
    return NULL;
}

const char *wv_inlined_default(const struct wv_creation *creation, const struct wv_object *column)
{
    for (size_t i = 0; i < creation->inlined_count; i++)
        if (creation->inlined[i]->parent == column &&
            creation->inlined[i]->kind == &wv_kind_default)
            return wv_object_get(creation->inlined[i], "expression");
    return NULL;
}

bool wv_sequence_begins_anew(const struct wv_sequence_bounds *old,
                             const struct wv_sequence_bounds *new)
{
    return new->minimum > old->maximum || new->maximum < old->minimum;
}

static void write_bound(struct wv_ddl *ddl, const char *sequence, long long bound, bool is_minimum)
{
    char *literal WV_AUTOFREE = wv_quote_literal(sequence);
    wv_ddl_add(ddl,
               "SELECT pg_catalog.setval(%s, %s(last_value, %lld), "
               "is_called AND last_value %s %lld) FROM %s",
               literal, is_minimum ? "greatest" : "least", bound, is_minimum ? ">=" : "<=", bound,
               sequence);
}

void wv_write_sequence_value(struct wv_ddl *ddl, const char *sequence,
                             const struct wv_sequence_bounds *old,
                             const struct wv_sequence_bounds *new)
{
    if (wv_sequence_begins_anew(old, new))
        return;
    if (new->minimum > old->minimum)
        write_bound(ddl, sequence, new->minimum, true);
    if (new->maximum < old->maximum)
        write_bound(ddl, sequence, new->maximum, false);
}
