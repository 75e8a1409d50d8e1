/* See inheritance.h. */
#include "inheritance.h"

#include <string.h>

#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "partition.h"
#include "rebuilt_table.h"
#include "same.h"
#include "walk.h"
#include "xalloc.h"

static bool is_table(const struct wv_object *object)
{
    return object->kind == &wv_kind_table || object->kind == &wv_kind_foreign_table;
}

const struct wv_object *wv_next_heir(const struct wv_object *table, size_t *at)
{
    while (*at < table->needed_by_count) {
        const struct wv_object *heir = table->needed_by[(*at)++].object;
        if (heir->kind == &wv_kind_partition || heir->kind == &wv_kind_inheritance)
            heir = heir->parent;
        if (is_table(heir) && (wv_list_has(wv_object_get(heir, "partition_of"), table->identity) ||
                               wv_list_has(wv_object_get(heir, "parents"), table->identity)))
            return heir;
    }
    return NULL;
}

/* No heir goes over to a parent that takes the place of the old one. */
static bool is_made_anew(const struct wv_difference *difference, const char *name)
{
    const struct wv_object *parent = wv_catalog_find(difference->before, &wv_kind_table, name);
    return parent != NULL && wv_rebuilt_table(difference, parent) != NULL;
}

const char *wv_behind_kept_parents(const struct wv_difference *difference, const char *old,
                                   const char *new)
{
    const char *kept = new;
    for (const char *at = old; *at != '\0'; at = wv_list_next(at)) {
        size_t length = wv_list_item(at);
        char *name WV_AUTOFREE = wv_xstrndup(at, length);
        if (!wv_list_has(new, name))
            continue;
        if (wv_list_item(kept) != length || strncmp(kept, at, length) != 0 ||
            is_made_anew(difference, name))
            break;
        kept = wv_list_next(kept);
    }
    return kept;
}

bool wv_is_parent_before(const char *list, const char *end, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at < end; at = wv_list_next(at))
        if (wv_list_item(at) == length && strncmp(at, name, length) == 0)
            return true;
    return false;
}

static const struct wv_object *column_of(const struct wv_catalog *catalog, const char *table,
                                         size_t length, const struct wv_object *like,
                                         bool may_be_foreign)
{
    char *identity WV_AUTOFREE = wv_xasprintf("table %.*s.%s", (int)length, table, like->quoted);
    char *foreign WV_AUTOFREE = wv_xasprintf("foreign %s", identity);
    const struct wv_object *found = wv_catalog_find(catalog, like->kind, identity);
    return found != NULL || !may_be_foreign ? found : wv_catalog_find(catalog, like->kind, foreign);
}

bool wv_has_foreign_heirs(const struct wv_object *table)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_heirs(&walk, table);
    for (size_t i = 0; i < walk.count; i++) {
        if (walk.tables[i]->kind == &wv_kind_foreign_table)
            return true;
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
    return false;
}

bool wv_is_inherited_only(const struct wv_object *column)
{
    return strcmp(wv_object_text(column, "inherited"), "only") == 0;
}

const struct wv_object *wv_next_giver(const struct wv_catalog *catalog,
                                      const struct wv_object *column, size_t *at)
{
    const struct wv_object *table = column->parent;
    bool is_foreign = table->kind == &wv_kind_foreign_table;
    if (!is_table(table) || wv_object_get(column, "inherited") == NULL)
        return NULL;
    const char *whole = wv_object_get(table, "partition_of");
    const char *parent = whole != NULL ? whole : wv_object_text(table, "parents");
    for (size_t i = 0; *parent != '\0'; parent = wv_list_next(parent), i++) {
        if (i < *at)
            continue;
        *at = i + 1;
        const struct wv_object *found =
            column_of(catalog, parent, wv_list_item(parent), column, is_foreign);
        if (found != NULL)
            return found;
    }
    return NULL;
}

const struct wv_object *wv_inherited_from(const struct wv_catalog *catalog,
                                          const struct wv_object *column)
{
    const struct wv_object *first = NULL;
    const struct wv_object *giver;
    size_t at = 0;
    while ((giver = wv_next_giver(catalog, column, &at)) != NULL) {
        if (wv_default_of(giver) != NULL)
            return giver;
        if (first == NULL)
            first = giver;
    }
    return first;
}

/* Checks and foreign keys that partitions have as well, under the same name. */
bool wv_has_shared_copies(const struct wv_object *constraint)
{
    static const char none[] = " NO INHERIT";
    const char *type = wv_object_text(constraint, "type");
    const char *definition = wv_object_text(constraint, "definition");
    size_t length = strlen(definition);
    if (strcmp(type, "CHECK") != 0)
        return strcmp(type, "FOREIGN KEY") == 0;
    return length < sizeof(none) || strcmp(definition + length - (sizeof(none) - 1), none) != 0;
}

bool wv_is_unvalidated_on(const struct wv_object *check, const struct wv_object *heir)
{
    return !wv_object_is(check, "is_valid") &&
           !wv_list_has(wv_object_get(check, "valid_on"), heir->identity);
}

const struct wv_object *wv_find_constraint(const struct wv_object *table,
                                           const struct wv_object *like)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if (part->kind == &wv_kind_constraint && strcmp(part->name, like->name) == 0 &&
            wv_same(wv_object_get(part, "definition"), wv_object_get(like, "definition")))
            return part;
    }
    return NULL;
}

/* The same check of a table that this one inherits from. */
static const struct wv_object *find_inherited(const struct wv_catalog *catalog,
                                              const struct wv_object *table,
                                              const struct wv_object *like)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_parents(&walk, catalog, table);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *found = wv_find_constraint(walk.tables[i], like);
        if (found != NULL)
            return found;
        wv_walk_to_parents(&walk, catalog, walk.tables[i]);
    }
    return NULL;
}

const struct wv_object *wv_find_shared(const struct wv_catalog *catalog,
                                       const struct wv_object *table, const struct wv_object *like)
{
    if (!wv_has_shared_copies(like))
        return NULL;
    if (wv_is_check(like) && wv_object_get(table, "parents") != NULL)
        return find_inherited(catalog, table, like);
    while ((table = wv_partition_whole(catalog, table)) != NULL) {
        const struct wv_object *found = wv_find_constraint(table, like);
        if (found != NULL)
            return found;
    }
    return NULL;
}
