/* Whom a table inherits from, before and after, and what it has of them. See parents.h. */
#include "parents.h"

#include <stdlib.h>
#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "walk.h"
#include "xalloc.h"

struct wv_parents wv_parents_of(const struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, table->kind, table->identity);
    const struct wv_object *new = wv_catalog_find(ddl->after, table->kind, table->identity);
    struct wv_parents parents = {
        .old_table = old,
        .new_table = new,
        .old = old == NULL ? "" : wv_object_text(old, "parents"),
        .new = new == NULL ? "" : wv_object_text(new, "parents"),
    };
    parents.added = wv_behind_kept_parents(ddl->difference, parents.old, parents.new);
    return parents;
}

bool wv_keeps_parent(const struct wv_parents *parents, const char *name)
{
    return wv_is_parent_before(parents->new, parents->added, name);
}

bool wv_is_given_all_the_time(const struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_parents parents = wv_parents_of(ddl, column->parent);
    bool is_old = column->parent == parents.old_table;
    for (const char *at = parents.new; at < parents.added; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (wv_find_column(wv_find_table(is_old ? ddl->before : ddl->after, name), column->name) !=
            NULL)
            return true;
    }
    return false;
}

bool wv_checks_has(const struct wv_checks *checks, const struct wv_object *like)
{
    for (size_t i = 0; i < checks->count; i++)
        if (strcmp(checks->items[i]->name, like->name) == 0)
            return true;
    return false;
}

static bool is_handed_on(const struct wv_object *part)
{
    return wv_is_check(part) && wv_has_shared_copies(part);
}

static void collect_of(struct wv_checks *checks, const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if (!is_handed_on(part) || wv_checks_has(checks, part))
            continue;
        WV_GROW(checks->items, checks->count, checks->capacity);
        checks->items[checks->count++] = part;
    }
}

void wv_checks_collect(struct wv_checks *checks, const struct wv_catalog *catalog, const char *list,
                       const struct wv_parents *parents)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    for (const char *at = list; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *table = wv_find_table(catalog, name);
        if (table != NULL && (parents == NULL || wv_keeps_parent(parents, name)))
            wv_walk_to(&walk, table);
    }
    for (size_t i = 0; i < walk.count; i++) {
        collect_of(checks, walk.tables[i]);
        wv_walk_to_parents(&walk, catalog, walk.tables[i]);
    }
}

void wv_checks_clear(struct wv_checks *checks)
{
    free(checks->items);
    *checks = (struct wv_checks){0};
}
