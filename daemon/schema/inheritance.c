/* NO INHERIT and INHERIT. What has been inherited stays with the table as its own; what is its own
 * never becomes inherited alone, which no statement can do. See writing.h. */
#include <string.h>

#include "kinds.h"
#include "partition.h"
#include "writing.h"
#include "xalloc.h"

/* The end of that part of the new list which the old one has in the same order, without those of
 * the old that are in the new one no more. */
static const char *kept_parents(const char *old, const char *new)
{
    const char *kept = new;
    for (const char *at = old; *at != '\0'; at = wv_list_next(at)) {
        size_t length = wv_list_item(at);
        char *name WV_AUTOFREE = wv_xstrndup(at, length);
        if (!wv_list_has(new, name))
            continue;
        if (wv_list_item(kept) != length || strncmp(kept, at, length) != 0)
            break;
        kept = wv_list_next(kept);
    }
    return kept;
}

/* Checks that have come from a parent alone and that nobody wants now. */
static void drop_left_checks(struct wv_ddl *ddl, const struct wv_change *change, const char *name)
{
    const struct wv_object *parent = wv_find_parent(ddl->before, name);
    if (parent == NULL)
        return;
    for (size_t i = 0; i < parent->part_count; i++) {
        const struct wv_object *check = parent->parts[i];
        if (check->kind == &wv_kind_constraint && wv_has_shared_copies(check) &&
            strcmp(wv_object_text(check, "type"), "CHECK") == 0 &&
            wv_find_constraint(change->new, check) == NULL &&
            wv_find_constraint(change->old, check) == NULL &&
            wv_find_shared(ddl->after, change->new, check) == NULL)
            wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s",
                               check->quoted);
    }
    const char *at = wv_object_text(parent, "parents");
    for (; *at != '\0'; at = wv_list_next(at)) {
        char *above WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        drop_left_checks(ddl, change, above);
    }
}

static void drop_left_columns(struct wv_ddl *ddl, const struct wv_change *change)
{
    for (size_t i = 0; i < change->old->part_count; i++) {
        const struct wv_object *column = change->old->parts[i];
        if (column->kind != &wv_kind_column ||
            strcmp(wv_object_text(column, "inherited"), "only") != 0 || wv_is_given(ddl, column) ||
            wv_catalog_find(ddl->after, column->kind, column->identity) != NULL)
            continue;
        struct wv_ddl_statement *statement = wv_ddl_alter_table(
            ddl, change->new, "ACCESS EXCLUSIVE", "DROP COLUMN %s", column->quoted);
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all values of %s.%s", change->new->identity,
                      column->quoted);
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", change->new->identity);
    }
}

/* Columns that would come from new parents alone, or from those that are left for a while. */
static void refuse_inherited(struct wv_ddl *ddl, const struct wv_object *table, bool is_again)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *column = table->parts[i];
        if (column->kind == &wv_kind_column &&
            strcmp(wv_object_text(column, "inherited"), "only") == 0 &&
            (is_again || !wv_is_given(ddl, column)))
            wv_ddl_refuse(ddl,
                          "the column %s.%s would be inherited and no more its table's own, which "
                          "no statement can do: name it among the table's columns",
                          table->identity, column->quoted);
    }
}

void wv_write_parents(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_text(change->old, "parents");
    const char *new = wv_object_text(change->new, "parents");
    const char *added = kept_parents(old, new);
    bool is_again = false;
    for (const char *at = old; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (wv_list_has(new, name) && !wv_list_has(added, name))
            continue;
        is_again = is_again || wv_list_has(new, name);
        wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "NO INHERIT %s", name);
        if (!wv_list_has(new, name))
            drop_left_checks(ddl, change, name);
    }
    drop_left_columns(ddl, change);
    if (*added != '\0')
        refuse_inherited(ddl, change->new, is_again);
    for (const char *at = added; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "INHERIT %s", name);
    }
}
