/* See partition_copy.h. */
#include "partition_copy.h"

#include <string.h>

#include "analyze.h"
#include "constraint.h"
#include "inheritance.h"
#include "key.h"
#include "key_index.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "partition.h"
#include "rebuilt_table.h"
#include "same.h"
#include "writing.h"
#include "xalloc.h"

bool wv_builds_by_partition(const struct wv_ddl *ddl, const struct wv_object *table)
{
    return !ddl->is_plain && wv_is_partitioned(table) && wv_ddl_existed(ddl, table);
}

bool wv_stays_partition(const struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, table->kind, table->identity);
    return old != NULL && wv_partition_stays(ddl->difference, old);
}

bool wv_is_attached(const struct wv_ddl *ddl, const struct wv_object *table)
{
    return wv_object_get(table, "partition_of") != NULL && !wv_stays_partition(ddl, table);
}

bool wv_is_given(const struct wv_ddl *ddl, const struct wv_object *column)
{
    return wv_is_inherited_only(column) && !wv_is_attached(ddl, column->parent);
}

/* The copy of an index or key among the parts of its table. */
static const struct wv_object *find_copy(const struct wv_object *table, const struct wv_object *own)
{
    const char *type = own->kind == &wv_kind_index ? NULL : wv_object_get(own, "type");
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *copy = table->parts[i];
        if (copy->kind == &wv_kind_partition_index && strcmp(copy->name, own->name) == 0 &&
            wv_same(wv_object_get(copy, "type"), type) &&
            wv_same(wv_object_get(copy, "definition"), wv_object_get(own, "definition")) &&
            (type != NULL ||
             wv_same(wv_object_get(copy, "is_unique"), wv_object_get(own, "is_unique"))))
            return copy;
    }
    return NULL;
}

/* The name, quoted, that the partition's copy of a check or foreign key of its whole has. */
static char *copy_name(const struct wv_object *shared, const struct wv_object *partition)
{
    const char *table = partition->identity;
    const char *item = wv_list_find(wv_object_text(shared, "named_on"), table, strlen(table));
    return item == NULL
               ? wv_xstrdup(shared->quoted)
               : wv_xstrndup(item + strlen(table) + 1, wv_list_item(item) - strlen(table) - 1);
}

/* What the table has this one from, of all that it is a part of; NULL: it is its own. */
static const struct wv_object *find_whole(const struct wv_catalog *catalog,
                                          const struct wv_object *table,
                                          const struct wv_object *own)
{
    for (const struct wv_object *whole = wv_partition_whole(catalog, table); whole != NULL;
         whole = wv_partition_whole(catalog, whole))
        for (size_t i = 0; i < whole->part_count; i++) {
            const struct wv_object *part = whole->parts[i];
            if (part->kind != &wv_kind_constraint || !wv_has_shared_copies(part) ||
                !wv_same(wv_object_get(part, "definition"), wv_object_get(own, "definition")))
                continue;
            char *name WV_AUTOFREE = copy_name(part, table);
            if (strcmp(name, own->quoted) == 0)
                return part;
        }
    return NULL;
}

static const struct wv_object *copy_among(const struct wv_catalog *catalog,
                                          const struct wv_object *own)
{
    const struct wv_object *table =
        wv_catalog_find(catalog, own->parent->kind, own->parent->identity);
    if (table == NULL)
        return NULL;
    bool is_index = own->kind == &wv_kind_index;
    const struct wv_object *copy = find_copy(table, own);
    if (copy != NULL || is_index)
        return copy;
    return wv_partition_of(table) != NULL ? find_whole(catalog, table, own)
                                          : wv_find_shared(catalog, table, own);
}

const struct wv_object *wv_left_copy(const struct wv_ddl *ddl, const struct wv_object *own)
{
    const struct wv_object *copy = copy_among(ddl->before, own);
    if (copy == NULL || !wv_ddl_existed(ddl, own->parent) || wv_stays_partition(ddl, own->parent))
        return NULL;
    bool is_shared =
        copy->kind == &wv_kind_constraint && wv_find_shared(ddl->after, own->parent, own) != NULL;
    return is_shared ? NULL : copy;
}

/* A key that an index of the whole has adopted goes with that one. */
static bool is_adopted(const struct wv_object *own)
{
    for (size_t i = 0; i < own->needed_by_count; i++) {
        const struct wv_object *copy = own->needed_by[i].object;
        if (copy->kind == &wv_kind_partition_index && copy->parent == own->parent)
            return true;
    }
    return false;
}

const struct wv_object *wv_coming_copy(const struct wv_ddl *ddl, const struct wv_object *own)
{
    const struct wv_object *copy = copy_among(ddl->after, own);
    return copy != NULL && !is_adopted(own) &&
                   (copy->kind == &wv_kind_partition_index || !wv_stays_partition(ddl, own->parent))
               ? copy
               : NULL;
}

const struct wv_object *wv_own_before(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *table = wv_table_before(ddl, copy->parent);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        const struct wv_object *own = table->parts[i];
        if ((own->kind == &wv_kind_index || own->kind == &wv_kind_constraint) && !is_adopted(own) &&
            find_copy(copy->parent, own) == copy)
            return own;
    }
    return NULL;
}

/* Is there in `table` something that the copy becomes, under the same name? */
static bool is_wanted(const struct wv_object *table, const struct wv_object *copy)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if ((part->kind == &wv_kind_index || part->kind == &wv_kind_constraint) &&
            strcmp(part->name, copy->name) == 0 && find_copy(copy->parent, part) == copy)
            return true;
        if (part->kind == &wv_kind_partition_index && strcmp(part->name, copy->name) == 0 &&
            wv_same(wv_object_get(part, "type"), wv_object_get(copy, "type")) &&
            wv_same(wv_object_get(part, "definition"), wv_object_get(copy, "definition")))
            return true;
    }
    return false;
}

static void drop_indexes(struct wv_ddl *ddl, const struct wv_object *old,
                         const struct wv_object *new)
{
    for (size_t i = 0; i < old->part_count; i++) {
        const struct wv_object *copy = old->parts[i];
        if (copy->kind != &wv_kind_partition_index || wv_object_is(copy, "is_key") ||
            is_wanted(new, copy))
            continue;
        if (wv_object_get(copy, "type") != NULL)
            wv_ddl_alter_table(ddl, old, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s", copy->quoted);
        else
            wv_ddl_add(ddl, "DROP INDEX %s%s", wv_object_text(copy, "index"),
                       wv_has_adopted(copy) ? " CASCADE" : "");
    }
}

/* Has the table a constraint of its own, as this one of what it was a part of, under that name? */
static bool is_kept(const struct wv_object *table, const char *quoted,
                    const struct wv_object *shared)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if (part->kind == &wv_kind_constraint && strcmp(part->quoted, quoted) == 0 &&
            wv_same(wv_object_get(part, "definition"), wv_object_get(shared, "definition")))
            return true;
    }
    return false;
}

static void drop_constraints(struct wv_ddl *ddl, const struct wv_object *old,
                             const struct wv_object *new)
{
    for (const struct wv_object *whole = wv_partition_whole(ddl->before, old); whole != NULL;
         whole = wv_partition_whole(ddl->before, whole))
        for (size_t i = 0; i < whole->part_count; i++) {
            const struct wv_object *part = whole->parts[i];
            if (part->kind != &wv_kind_constraint || !wv_has_shared_copies(part))
                continue;
            char *name WV_AUTOFREE = copy_name(part, old);
            if (!is_kept(new, name, part) && wv_find_shared(ddl->after, new, part) == NULL)
                wv_ddl_alter_table(ddl, old, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s", name);
        }
}

void wv_drop_left_copies(struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_object *new = wv_catalog_find(ddl->after, table->kind, table->identity);
    if (new == NULL)
        return;
    drop_indexes(ddl, table, new);
    drop_constraints(ddl, table, new);
}

static void add_checks(struct wv_ddl *ddl, const struct wv_object *table,
                       const struct wv_object *old)
{
    for (const struct wv_object *whole = wv_partition_whole(ddl->after, table); whole != NULL;
         whole = wv_partition_whole(ddl->after, whole))
        for (size_t i = 0; i < whole->part_count; i++) {
            const struct wv_object *part = whole->parts[i];
            if (!wv_is_check(part) || !wv_has_shared_copies(part) ||
                wv_is_unvalidated_on(part, table) ||
                (old != NULL && (wv_find_constraint(old, part) != NULL ||
                                 wv_find_shared(ddl->before, old, part) != NULL)))
                continue;
            struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
            wv_write_constraint(&text, part);
            wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "ADD %s", wv_strbuf_text(&text));
        }
}

/* The index, key or copy of that name, schema and all. */
static const struct wv_object *find_index(const struct wv_object *table, const char *index)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if ((part->kind == &wv_kind_index && strcmp(part->identity, index) == 0) ||
            (part->kind == &wv_kind_constraint && strcmp(wv_last_part(index), part->quoted) == 0) ||
            (part->kind == &wv_kind_partition_index &&
             strcmp(wv_object_text(part, "index"), index) == 0))
            return part;
    }
    return NULL;
}

/* Is the index that this is a copy of there before the table is attached? Else the copy is made
 * with it. */
static bool is_of_an_old_one(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *partition = wv_partition_of(copy->parent);
    const struct wv_object *whole =
        partition == NULL
            ? NULL
            : wv_catalog_find(ddl->before, &wv_kind_table, wv_object_text(partition, "whole"));
    const struct wv_object *index =
        whole == NULL ? NULL : find_index(whole, wv_object_text(copy, "copy_of"));
    return index != NULL && wv_twin_stays(wv_twin_of_old(ddl->difference, index));
}

static void build_key(struct wv_ddl *ddl, const struct wv_object *copy, bool is_online,
                      const char *options)
{
    const struct wv_object *table = copy->parent;
    const char *definition = wv_object_text(copy, "definition");
    const char *deferral = wv_object_text(copy, "deferral");
    const struct wv_object *index = wv_index_for_key(ddl, copy);
    if (index != NULL) {
        wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "ADD CONSTRAINT %s %s USING INDEX %s%s",
                           copy->quoted, wv_object_text(copy, "type"), index->quoted, deferral);
        return;
    }
    if (is_online)
        wv_build_key(
            ddl, table,
            &(struct wv_key){copy->quoted, wv_object_text(copy, "type"), definition, deferral});
    else
        wv_ddl_lock(ddl,
                    wv_ddl_add(ddl, "ALTER TABLE %s%s ADD CONSTRAINT %s %s%s%s%s%s",
                               wv_is_partitioned(table) ? "ONLY " : "", table->identity,
                               copy->quoted, definition, options != NULL ? " WITH (" : "",
                               options != NULL ? options : "", options != NULL ? ")" : "",
                               deferral),
                    "ACCESS EXCLUSIVE", table);
    if (is_online && options != NULL)
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", wv_object_text(copy, "index"), options)->mode =
            WV_STATEMENT_ALONE;
}

static void build_index(struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *table = copy->parent;
    bool is_online = !ddl->is_plain && wv_ddl_holds_rows(ddl, table) && !wv_is_partitioned(table);
    const char *options = wv_object_get(copy, "options");
    if (options == NULL)
        options = wv_object_get(copy, "parent_options");
    if (options != NULL && options[0] == '\0')
        options = NULL;
    if (wv_object_get(copy, "type") != NULL) {
        build_key(ddl, copy, is_online, options);
        return;
    }
    char *definition WV_AUTOFREE = wv_definition_with(wv_object_text(copy, "definition"), options);
    struct wv_ddl_statement *statement = wv_ddl_add(
        ddl, "CREATE %sINDEX %s%s ON %s%s USING %s",
        wv_object_is(copy, "is_unique") ? "UNIQUE " : "", is_online ? "CONCURRENTLY " : "",
        copy->quoted, wv_is_partitioned(table) ? "ONLY " : "", table->identity, definition);
    wv_ddl_lock(ddl, statement, is_online ? "SHARE UPDATE EXCLUSIVE" : "SHARE", table);
    if (wv_has_expressions(definition))
        wv_lose_statistics(ddl, table, NULL);
    if (wv_object_is(copy, "is_unique") && wv_ddl_holds_rows(ddl, table) &&
        !wv_is_partitioned(table))
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "equal values in %s", table->identity);
    if (!is_online)
        return;
    statement->mode = WV_STATEMENT_ALONE;
    wv_ddl_hazard(statement, WV_HAZARD_NOT_TRANSACTIONAL, "an interrupted build is built again");
}

/* Is the table a partition from its CREATE TABLE on? */
static bool is_made_partition(const struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_object *partition = wv_partition_of(table);
    return wv_table_before(ddl, table) == NULL &&
           !wv_is_attached_filled(ddl->difference, wv_twin_of_new(ddl->difference, table)) &&
           partition->kind->can_be_inline(partition);
}

/* The attaching would build it under its lock, be it of an index that is there or of one that comes
 * with a whole that is new. The rows of a table that moves from another whole would be away for as
 * long as that takes. */
static bool is_built_first(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *table = copy->parent;
    const struct wv_object *whole = wv_partition_whole(ddl->after, table);
    const struct wv_object *old = wv_table_before(ddl, table);
    bool comes_with_whole = whole != NULL && !wv_ddl_existed(ddl, whole) && old != NULL &&
                            wv_partition_of(old) == NULL && wv_comes_by_itself(ddl, copy);
    return is_of_an_old_one(ddl, copy) ||
           (comes_with_whole && !ddl->is_plain && !wv_is_partitioned(table) &&
            wv_ddl_holds_rows(ddl, table));
}

bool wv_is_there_before_attach(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *old = wv_table_before(ddl, copy->parent);
    if (is_made_partition(ddl, copy->parent))
        return false;
    return (is_built_first(ddl, copy) && !wv_is_partitioned(copy->parent)) ||
           (old != NULL && is_wanted(old, copy));
}

void wv_prepare_attach(struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_object *old = wv_table_before(ddl, table);
    add_checks(ddl, table, old);
    for (size_t i = 0; i < table->part_count && !wv_is_partitioned(table); i++) {
        const struct wv_object *copy = table->parts[i];
        if (copy->kind == &wv_kind_partition_index && !wv_object_is(copy, "is_key") &&
            is_built_first(ddl, copy) && wv_own_before(ddl, copy) == NULL &&
            (old == NULL || !is_wanted(old, copy)))
            build_index(ddl, copy);
    }
}

void wv_build_copy(struct wv_ddl *ddl, const struct wv_object *copy)
{
    const char *name = wv_object_text(copy, "index");
    bool was_there = wv_object_is(copy, "is_key") || wv_own_before(ddl, copy) != NULL;
    size_t first = ddl->count;
    if (!was_there)
        build_index(ddl, copy);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "ALTER INDEX %s ATTACH PARTITION %s",
                                                    wv_object_text(copy, "copy_of"), name);
    statement->mode = ddl->statements[first].mode;
}

/* Has one of the partitions of its own what could be taken for the index's copy? */
static bool has_rivals(const struct wv_object *index, const struct wv_object *whole)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(whole, &at)) != NULL) {
        for (size_t i = 0; i < heir->part_count; i++)
            if (wv_is_like_copy(heir->parts[i], index))
                return true;
        if (has_rivals(index, heir))
            return true;
    }
    return false;
}

bool wv_is_made_alone(const struct wv_ddl *ddl, const struct wv_object *index)
{
    if (!wv_is_partitioned(index->parent))
        return false;
    return wv_object_get(index, "missing_on") != NULL ||
           (wv_ddl_existed(ddl, index->parent) && has_rivals(index, index->parent)) ||
           (index->kind == &wv_kind_constraint ? wv_is_key_by_partition(ddl, index)
                                               : wv_builds_by_partition(ddl, index->parent));
}

bool wv_misses_more(const struct wv_change *index)
{
    const char *old = wv_object_get(index->old, "missing_on");
    const char *at = wv_object_text(index->new, "missing_on");
    for (; *at != '\0'; at = wv_list_next(at)) {
        char *partition WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (!wv_list_has(old, partition))
            return true;
    }
    return false;
}

bool wv_comes_by_itself(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *source = copy;
    while (source != NULL && source->kind == &wv_kind_partition_index) {
        const struct wv_object *whole = wv_partition_whole(ddl->after, source->parent);
        if (is_of_an_old_one(ddl, source))
            return !wv_stays_partition(ddl, source->parent);
        source = whole == NULL ? NULL : find_index(whole, wv_object_text(source, "copy_of"));
    }
    return source == NULL || !wv_is_made_alone(ddl, source);
}

/* What the copy was a copy of; NULL: it was none. */
static const struct wv_object *old_source(const struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *whole =
        old == NULL ? NULL : wv_partition_whole(ddl->before, old->parent);
    return whole == NULL ? NULL : find_index(whole, wv_object_text(old, "copy_of"));
}

/* A copy goes with what it is a copy of, unless its table is detached before. */
static bool lives_on(const struct wv_ddl *ddl, const struct wv_object *index)
{
    const struct wv_object *new =
        wv_catalog_find(ddl->after, index->parent->kind, index->parent->identity);
    if (index->kind != &wv_kind_partition_index)
        return wv_twin_stays(wv_twin_of_old(ddl->difference, index)) ||
               wv_coming_copy(ddl, index) != NULL;
    if (new == NULL || !is_wanted(new, index))
        return false;
    const struct wv_object *source = old_source(ddl, index);
    return !wv_stays_partition(ddl, index->parent) || (source != NULL && lives_on(ddl, source));
}

bool wv_lives_on(const struct wv_difference *difference, const struct wv_object *old)
{
    const struct wv_ddl ddl = {
        .difference = difference, .before = difference->before, .after = difference->after};
    return lives_on(&ddl, old);
}

const struct wv_object *wv_same_copy(const struct wv_ddl *ddl, const struct wv_object *copy)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, copy->kind, copy->identity);
    const struct wv_object *source = old_source(ddl, old);
    return source != NULL && wv_table_before(ddl, copy->parent) != NULL && lives_on(ddl, source) &&
                   wv_same(wv_object_get(old, "definition"), wv_object_get(copy, "definition"))
               ? old
               : NULL;
}

bool wv_has_adopted(const struct wv_object *index)
{
    for (size_t i = 0; i < index->needed_by_count; i++) {
        const struct wv_object *copy = index->needed_by[i].object;
        if (copy->kind == &wv_kind_partition_index &&
            (wv_object_is(copy, "is_key") || wv_has_adopted(copy)))
            return true;
    }
    return false;
}

/* WITH comes before WHERE, which is the last that stands outside of all brackets and quotes. */
char *wv_definition_with(const char *definition, const char *options)
{
    static const char where[] = " WHERE ";
    size_t length = strlen(definition);
    size_t depth = 0;
    char quote = '\0';
    for (size_t i = 0; definition[i] != '\0'; i++) {
        char c = definition[i];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (depth == 0 && strncmp(definition + i, where, sizeof(where) - 1) == 0) {
            length = i;
            break;
        }
    }
    if (options == NULL || options[0] == '\0')
        return wv_xstrdup(definition);
    return wv_xasprintf("%.*s WITH (%s)%s", (int)length, definition, options, definition + length);
}
