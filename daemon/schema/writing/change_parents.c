/* NO INHERIT and INHERIT, and the table that holds what is inherited in between. See
 * parents.h. */
#include <string.h>

#include "constraint.h"
#include "free_name.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "not_null.h"
#include "parents.h"
#include "writing.h"
#include "xalloc.h"

static char *name_holder(const struct wv_ddl *ddl, const struct wv_object *table,
                         const char *suffix)
{
    char *schema WV_AUTOFREE = wv_quoted_schema(table);
    char *name WV_AUTOFREE = wv_free_name(ddl->difference, table->schema, table->name, suffix);
    return wv_xasprintf("%s.%s", schema, name);
}

static void alter(struct wv_ddl *ddl, const struct wv_object *table, const char *word,
                  const char *parent)
{
    wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "%s %s", word, parent);
}

static void add_column(struct wv_strbuf *out, const struct wv_object *column)
{
    const char *collation = wv_object_get(column, "collation");
    wv_strbuf_addf(out, "%s %s%s%s", column->quoted, wv_object_text(column, "type"),
                   collation == NULL ? "" : " COLLATE ", collation == NULL ? "" : collation);
}

/* Where an heir's column is computed only if its parent's is, by whatever expression: the values
 * are the heir's. */
static void add_held_column(struct wv_strbuf *out, const struct wv_object *column)
{
    add_column(out, column);
    if (wv_object_is(column, "is_generated_as_parent"))
        wv_strbuf_addf(out, " GENERATED ALWAYS AS (NULL::%s) %s", wv_object_text(column, "type"),
                       wv_object_text(column, "generated_kind"));
}

/* Neither the table's own before nor after. */
static bool is_inherited_check(const struct wv_parents *parents, const struct wv_object *check)
{
    return wv_find_constraint(parents->old_table, check) == NULL &&
           wv_find_constraint(parents->new_table, check) == NULL;
}

static bool has_new_type(const struct wv_change *column)
{
    return wv_change_of(column, "type") || wv_change_of(column, "collation");
}

/* Is it NOT NULL by the parents alone, before and after? */
static bool holds_not_null(const struct wv_object *old, const struct wv_object *new)
{
    return wv_is_not_null_by_parents(old) && wv_is_not_null_by_parents(new);
}

/* What has to be held while the parents change. */
struct held {
    struct wv_strbuf text; /* of CREATE TABLE */
    bool is_needed;
};

static void clear_held(struct held *held)
{
    wv_strbuf_free(&held->text);
}

#define WV_AUTOHELD __attribute__((cleanup(clear_held)))

static void hold(struct held *held, const char *format, ...) WV_PRINTF(2, 3);
static void hold(struct held *held, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    wv_strbuf_addf(&held->text, "%s\n    %s", held->text.length > 0 ? "," : "", text);
}

/* All columns of the table that stay as they are: checks may need any of them. */
static void hold_columns(struct wv_ddl *ddl, struct held *held, const struct wv_parents *parents)
{
    for (size_t i = 0; i < parents->old_table->part_count; i++) {
        const struct wv_object *old = parents->old_table->parts[i];
        const struct wv_object *new = old->kind == &wv_kind_column
                                          ? wv_catalog_find(ddl->after, old->kind, old->identity)
                                          : NULL;
        if (new == NULL || (wv_is_inherited_only(old) && !wv_is_inherited_only(new)))
            continue;
        bool would_be_lost = wv_is_inherited_only(old) && !wv_is_given_all_the_time(ddl, old);
        bool is_changed = has_new_type(&(struct wv_change){old, new});
        held->is_needed = held->is_needed || would_be_lost;
        if (would_be_lost && is_changed)
            wv_ddl_refuse(
                ddl,
                "the type of %s.%s cannot change while its parents do: change one after the other",
                old->parent->identity, old->quoted);
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        add_held_column(&text, old);
        if (holds_not_null(old, new)) {
            wv_strbuf_adds(&text, " NOT NULL");
            held->is_needed = held->is_needed || !wv_is_not_null_given_all_the_time(ddl, old);
        }
        if (!is_changed)
            hold(held, "%s", wv_strbuf_text(&text));
    }
}

/* The checks that have come from a parent alone, that none of the parents that stay gives, and that
 * are wanted of a new one, or of none. */
static void find_leaving_checks(const struct wv_ddl *ddl, struct wv_checks *leaving,
                                const struct wv_parents *parents, bool is_wanted)
{
    struct wv_checks new WV_AUTOCHECKS = {0};
    struct wv_checks kept WV_AUTOCHECKS = {0};
    wv_checks_collect(leaving, ddl->before, parents->old, NULL);
    wv_checks_collect(&new, ddl->after, parents->new, NULL);
    wv_checks_collect(&kept, ddl->before, parents->old, parents);
    size_t count = 0;
    for (size_t i = 0; i < leaving->count; i++) {
        const struct wv_object *check = leaving->items[i];
        if (is_inherited_check(parents, check) && wv_checks_has(&new, check) == is_wanted &&
            !wv_checks_has(&kept, check))
            leaving->items[count++] = check;
    }
    leaving->count = count;
}

static void hold_checks(struct wv_ddl *ddl, struct held *held, const struct wv_parents *parents)
{
    struct wv_checks leaving WV_AUTOCHECKS = {0};
    find_leaving_checks(ddl, &leaving, parents, true);
    for (size_t i = 0; i < leaving.count; i++) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_write_constraint(&text, leaving.items[i]);
        hold(held, "%s%s", wv_strbuf_text(&text),
             wv_object_is(leaving.items[i], "is_valid") ? "" : " NOT VALID");
        held->is_needed = true;
    }
}

/* Is there one that holds what the table has, and what? */
static bool find_held(struct wv_ddl *ddl, struct held *held, const struct wv_parents *parents)
{
    if (*parents->old == '\0' || *parents->new == '\0')
        return false;
    hold_columns(ddl, held, parents);
    hold_checks(ddl, held, parents);
    return held->is_needed;
}

static void make_holder(struct wv_ddl *ddl, const struct wv_object *table, const char *holder,
                        const struct wv_strbuf *text)
{
    wv_ddl_add(ddl, "CREATE TABLE %s (%s%s)", holder, wv_strbuf_text(text),
               text->length > 0 ? "\n" : "");
    alter(ddl, table, "INHERIT", holder);
}

static void drop_holder(struct wv_ddl *ddl, const struct wv_object *table, const char *holder)
{
    alter(ddl, table, "NO INHERIT", holder);
    wv_ddl_add(ddl, "DROP TABLE %s", holder);
}

/* Checks that have come from a parent alone and that nobody wants now. */
static void drop_left_checks(struct wv_ddl *ddl, const struct wv_parents *parents)
{
    struct wv_checks leaving WV_AUTOCHECKS = {0};
    find_leaving_checks(ddl, &leaving, parents, false);
    for (size_t i = 0; i < leaving.count; i++)
        wv_ddl_alter_table(ddl, parents->new_table, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s",
                           leaving.items[i]->quoted);
}

void wv_leave_parents(struct wv_ddl *ddl, const struct wv_object *table)
{
    struct wv_parents parents = wv_parents_of(ddl, table);
    struct held held WV_AUTOHELD = {.text = WV_STRBUF_INIT};
    char *holder WV_AUTOFREE = name_holder(ddl, table, "_parent");
    if (find_held(ddl, &held, &parents))
        make_holder(ddl, table, holder, &held.text);
    for (const char *at = parents.old; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (!wv_keeps_parent(&parents, name))
            alter(ddl, table, "NO INHERIT", name);
    }
    drop_left_checks(ddl, &parents);
}

/* Is it to be there by inheritance alone, and comes from a new parent? */
static bool is_to_come(const struct wv_ddl *ddl, const struct wv_object *part)
{
    return part->kind == &wv_kind_column && wv_is_inherited_only(part) &&
           wv_catalog_find(ddl->before, part->kind, part->identity) == NULL &&
           !wv_is_given_all_the_time(ddl, part);
}

static void add_coming_column(struct wv_ddl *ddl, const char *giver, const struct wv_object *column)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *expression = wv_default_of(column);
    const char *generated = wv_object_get(column, "generated");
    add_column(&text, column);
    if (generated != NULL)
        wv_strbuf_addf(&text, " GENERATED ALWAYS AS (%s) %s", generated,
                       wv_object_text(column, "generated_kind"));
    else if (expression != NULL)
        wv_strbuf_addf(&text, " DEFAULT %s", expression);
    if (wv_object_is(column, "not_null"))
        wv_strbuf_adds(&text, " NOT NULL");
    wv_ddl_add(ddl, "ALTER TABLE %s ADD COLUMN %s", giver, wv_strbuf_text(&text));
}

/* Does a column that is there become NOT NULL by a new parent alone? */
static bool is_not_null_to_come(const struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, column->kind, column->identity);
    return old != NULL && wv_is_not_null_by_parents(column) && !wv_is_not_null_by_parents(old) &&
           !wv_is_not_null_given_from_now(ddl, column);
}

static void set_coming_not_null(struct wv_ddl *ddl, const char *giver,
                                const struct wv_object *column)
{
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", giver, column->quoted);
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", column->parent);
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", column->parent->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null",
                  column->parent->identity, column->quoted);
}

static void find_coming_checks(const struct wv_ddl *ddl, struct wv_checks *coming,
                               const struct wv_parents *parents)
{
    struct wv_checks old WV_AUTOCHECKS = {0};
    struct wv_checks kept WV_AUTOCHECKS = {0};
    wv_checks_collect(&old, ddl->before, parents->old, NULL);
    wv_checks_collect(&kept, ddl->after, parents->new, parents);
    wv_checks_collect(coming, ddl->after, parents->added, NULL);
    size_t count = 0;
    for (size_t i = 0; i < coming->count; i++)
        if (is_inherited_check(parents, coming->items[i]) &&
            !wv_checks_has(&old, coming->items[i]) && !wv_checks_has(&kept, coming->items[i]))
            coming->items[count++] = coming->items[i];
    coming->count = count;
}

/* What is to be inherited alone is added to a table that hands it on, and that has all else for its
 * checks. True: it is there. */
static bool give_what_comes(struct wv_ddl *ddl, const char *giver, const struct wv_parents *parents)
{
    const struct wv_object *table = parents->new_table;
    struct wv_checks checks WV_AUTOCHECKS = {0};
    struct held held WV_AUTOHELD = {.text = WV_STRBUF_INIT};
    find_coming_checks(ddl, &checks, parents);
    held.is_needed = checks.count > 0;
    for (size_t i = 0; i < table->part_count; i++) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        if (is_to_come(ddl, table->parts[i])) {
            held.is_needed = true;
        } else if (table->parts[i]->kind == &wv_kind_column) {
            held.is_needed = held.is_needed || is_not_null_to_come(ddl, table->parts[i]);
            add_held_column(&text, table->parts[i]);
            hold(&held, "%s", wv_strbuf_text(&text));
        }
    }
    if (!held.is_needed)
        return false;
    make_holder(ddl, table, giver, &held.text);
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if (is_to_come(ddl, part))
            add_coming_column(ddl, giver, part);
        else if (part->kind == &wv_kind_column && is_not_null_to_come(ddl, part))
            set_coming_not_null(ddl, giver, part);
    }
    for (size_t i = 0; i < checks.count; i++) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_write_constraint(&text, checks.items[i]);
        wv_ddl_add(ddl, "ALTER TABLE %s ADD %s%s", giver, wv_strbuf_text(&text),
                   wv_object_is(checks.items[i], "is_valid") ? "" : " NOT VALID");
    }
    return true;
}

void wv_join_parents(struct wv_ddl *ddl, const struct wv_object *table)
{
    struct wv_parents parents = wv_parents_of(ddl, table);
    struct held held WV_AUTOHELD = {.text = WV_STRBUF_INIT};
    char *holder WV_AUTOFREE = name_holder(ddl, table, "_parent");
    char *giver WV_AUTOFREE = name_holder(ddl, table, "_giver");
    bool is_given = give_what_comes(ddl, giver, &parents);
    for (const char *at = parents.added; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        alter(ddl, table, "INHERIT", name);
    }
    if (is_given)
        drop_holder(ddl, table, giver);
    if (find_held(ddl, &held, &parents))
        drop_holder(ddl, table, holder);
}

void wv_make_column_own(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct held held WV_AUTOHELD = {.text = WV_STRBUF_INIT};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *holder WV_AUTOFREE = name_holder(ddl, column->parent, "_leaver");
    add_held_column(&text, column);
    hold(&held, "%s", wv_strbuf_text(&text));
    make_holder(ddl, column->parent, holder, &held.text);
    wv_ddl_add(ddl, "ALTER TABLE ONLY %s DROP COLUMN %s", holder, column->quoted);
    drop_holder(ddl, column->parent, holder);
}
