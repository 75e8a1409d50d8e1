/* See table_rebuild.h. */
#include "table_rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "analyze.h"
#include "counter.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "partition.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "type_move.h"
#include "writing.h"
#include "xalloc.h"

/* A type that is not there twice cannot be in the old table and in the new one. */
static bool needs_same_type(const struct wv_ddl *ddl, const struct wv_object *old)
{
    for (size_t i = 0; i < old->need_count; i++) {
        const struct wv_twin *type = wv_twin_of_old(ddl->difference, old->needs[i].object);
        const struct wv_object *new = wv_twin_of_old(ddl->difference, old)->new;
        if (type->deed != WV_DEED_RECREATE || (type->old->kind->traits & WV_KIND_OF_VALUES) == 0)
            continue;
        for (size_t j = 0; new != NULL &&j < new->need_count; j++)
            if (new->needs[j].object == type->new)
                return true;
    }
    return false;
}

static void refuse_columns(struct wv_ddl *ddl, const struct wv_object *old)
{
    for (size_t i = 0; i < old->part_count; i++)
        if (old->parts[i]->kind == &wv_kind_column && needs_same_type(ddl, old->parts[i]))
            wv_ddl_refuse(ddl,
                          "the table %s cannot be made anew together with the type of its column "
                          "%s, which cannot be there twice%s",
                          old->identity, old->parts[i]->quoted,
                          wv_is_partitioned_by(old->parts[i]) ? ""
                                                              : ": change one after the other");
}

static bool keeps_triggers(const struct wv_ddl *ddl, const struct wv_object *old)
{
    for (size_t i = 0; old != NULL && i < old->part_count; i++)
        if (old->parts[i]->kind == &wv_kind_trigger &&
            wv_twin_of_old(ddl->difference, old->parts[i])->deed != WV_DEED_DROP)
            return true;
    return false;
}

/* What has been a table of its own has its triggers when rows go there that are copied. */
static void refuse_triggers(struct wv_ddl *ddl, const struct wv_object *old,
                            const struct wv_object *new)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(new, &at)) != NULL) {
        const struct wv_object *was = wv_table_before(ddl, heir);
        if (wv_partition_of(heir) == NULL)
            continue;
        if (keeps_triggers(ddl, was))
            wv_ddl_refuse(
                ddl,
                "the table %s cannot be made anew while %s is attached to it, whose "
                "triggers would fire for rows that are copied: change one after the other",
                old->identity, heir->identity);
        refuse_triggers(ddl, old, heir);
    }
}

static bool lock_above(struct wv_ddl *ddl, const struct wv_object *table);

/* The topmost that stay, of this one and of those above it. */
static bool lock_topmost(struct wv_ddl *ddl, const struct wv_object *table)
{
    if (lock_above(ddl, table))
        return true;
    if (!wv_twin_stays(wv_twin_of_old(ddl->difference, table)))
        return false;
    wv_ddl_hazard(wv_ddl_add(ddl, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table->identity),
                  WV_HAZARD_LOCK, "ACCESS EXCLUSIVE on %s and all that is a part of it",
                  table->identity);
    return true;
}

/* Who reads what the table is a part of waits there, before having looked for its parts: behind
 * that it would miss the rows of a part that is dropped meanwhile, or lock it against the drop. */
static bool lock_above(struct wv_ddl *ddl, const struct wv_object *table)
{
    bool is_locked = false;
    const char *whole = wv_object_get(table, "partition_of");
    const char *at = whole != NULL ? whole : wv_object_text(table, "parents");
    for (; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *above = wv_catalog_find(ddl->before, &wv_kind_table, name);
        if (above != NULL && lock_topmost(ddl, above))
            is_locked = true;
    }
    return is_locked;
}

void wv_set_table_aside(struct wv_ddl *ddl, const struct wv_object *old, const char *aside)
{
    refuse_columns(ddl, old);
    refuse_triggers(ddl, old, wv_twin_of_old(ddl->difference, old)->new);
    (void)lock_above(ddl, old);
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER TABLE %s RENAME TO %s", old->identity, aside),
                  WV_HAZARD_LOCK, "ACCESS EXCLUSIVE on %s", old->identity);
    for (size_t i = 0; i < old->part_count; i++)
        if (old->parts[i]->kind == &wv_kind_column)
            wv_put_rebuilt_identity_aside(ddl, old->parts[i]);
}

/* Is there a value to be copied? What is computed is computed again. */
static const struct wv_object *copied_to(const struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *new =
        old->kind == &wv_kind_column ? wv_twin_of_old(ddl->difference, old)->new : NULL;
    return new == NULL || wv_object_get(new, "generated") != NULL ? NULL : new;
}

/* The columns that are copied, and the lists of an INSERT ... SELECT. */
struct copy {
    struct wv_change *items;
    size_t count;
    size_t capacity;
    struct wv_strbuf columns;
    struct wv_strbuf values;
    bool has_identity;
};

static void clear_copy(struct copy *copy)
{
    free(copy->items);
    wv_strbuf_free(&copy->columns);
    wv_strbuf_free(&copy->values);
}

#define WV_AUTOCOPY __attribute__((cleanup(clear_copy)))

static int order_columns(const void *a, const void *b)
{
    const struct wv_change *left = a;
    const struct wv_change *right = b;
    long difference = wv_object_position(left->new) - wv_object_position(right->new);
    return (difference > 0) - (difference < 0);
}

/* In the order of the new table. */
static void find_columns(const struct wv_ddl *ddl, struct copy *copy, const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *new = copied_to(ddl, table->parts[i]);
        if (new == NULL)
            continue;
        WV_GROW(copy->items, copy->count, copy->capacity);
        copy->items[copy->count++] = (struct wv_change){table->parts[i], new};
    }
    if (copy->count > 0)
        qsort(copy->items, copy->count, sizeof(*copy->items), order_columns);
}

static void write_lists(struct wv_ddl *ddl, struct copy *copy)
{
    for (size_t i = 0; i < copy->count; i++) {
        const struct wv_object *new = copy->items[i].new;
        wv_strbuf_addf(&copy->columns, "%s%s", i > 0 ? ", " : "", new->quoted);
        wv_strbuf_adds(&copy->values, i > 0 ? ", " : "");
        wv_write_carried(ddl, &copy->values, &copy->items[i]);
        copy->has_identity = copy->has_identity || wv_object_get(new, "identity") != NULL;
    }
}

static void tell_columns(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                         const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *old = table->parts[i];
        const struct wv_object *new = copied_to(ddl, old);
        if (new != NULL)
            wv_tell_carried(ddl, statement, &(struct wv_change){old, new});
        else if (old->kind == &wv_kind_column && wv_object_get(old, "generated") == NULL)
            wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all values of %s.%s", table->identity,
                          old->quoted);
        if (old->kind == &wv_kind_column && wv_twin_of_old(ddl->difference, old)->new == NULL)
            wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", table->identity);
    }
}

/* Publications of single tables are told of the new one when it is filled. */
static bool is_published(const struct wv_object *publication, const char *schema)
{
    if (publication->kind != &wv_kind_publication)
        return false;
    for (size_t i = 0; i < publication->part_count; i++)
        if (publication->parts[i]->kind == &wv_kind_publication_schema &&
            strcmp(publication->parts[i]->name, schema) == 0)
            return true;
    return wv_object_is(publication, "all_tables");
}

static void tell_subscribers(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                             const struct wv_object *table)
{
    for (size_t i = 0; i < wv_catalog_count(ddl->before); i++)
        if (is_published(wv_catalog_at(ddl->before, i), table->schema))
            wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS,
                          "subscribers of %s, which get all rows of %s once more",
                          wv_catalog_at(ddl->before, i)->identity, table->identity);
}

static void tell(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                 const struct wv_object *table)
{
    statement->copies_rows = true;
    wv_ddl_hazard(statement, WV_HAZARD_REWRITE,
                  "%s is made anew: its rows are copied, then the old one is dropped",
                  table->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s that the new one does not take",
                  table->identity);
    tell_columns(ddl, statement, table);
    tell_subscribers(ddl, statement, table);
}

void wv_tell_gone_partitions(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                             const struct wv_object *old)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(old, &at)) != NULL) {
        if (wv_copied_with(ddl->difference, heir) == NULL)
            continue;
        if (wv_twin_of_old(ddl->difference, heir)->new == NULL)
            wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", heir->identity);
        wv_tell_gone_partitions(ddl, statement, heir);
    }
}

/* Has it a partition that goes with it for good, and was not locked to be set aside? */
static bool has_unlocked(const struct wv_ddl *ddl, const struct wv_object *old)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(old, &at)) != NULL)
        if (wv_copied_with(ddl->difference, heir) != NULL &&
            (wv_twin_of_old(ddl->difference, heir)->new == NULL || has_unlocked(ddl, heir)))
            return true;
    return false;
}

/* Heirs have rows of their own, and go over by themselves; the owner sees all of them. Nobody
 * writes what would be dropped without having been copied. */
static void insert(struct wv_ddl *ddl, const struct wv_change *table, const char *name,
                   const struct copy *copy)
{
    size_t at = 0;
    bool is_alone = !wv_is_partitioned(table->old) && wv_next_heir(table->old, &at) != NULL;
    const char *columns = wv_strbuf_text(&copy->columns);
    bool has_any = copy->count > 0;
    if (has_unlocked(ddl, table->old))
        wv_ddl_hazard(wv_ddl_add(ddl, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", name),
                      WV_HAZARD_LOCK, "ACCESS EXCLUSIVE on all partitions of %s",
                      table->old->identity);
    if (wv_object_is(table->old, "force_row_security"))
        wv_ddl_add(ddl, "ALTER TABLE %s NO FORCE ROW LEVEL SECURITY", name);
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "INSERT INTO %s%s%s%s%s\n    SELECT%s%s FROM %s%s", table->new->identity,
                   has_any ? " (" : "", columns, has_any ? ")" : "",
                   copy->has_identity ? "\n    OVERRIDING SYSTEM VALUE" : "", has_any ? " " : "",
                   wv_strbuf_text(&copy->values), is_alone ? "ONLY " : "", name);
    tell(ddl, statement, table->old);
    wv_lose_all_statistics(ddl, table->new);
}

void wv_copy_rows(struct wv_ddl *ddl, const struct wv_change *table, const char *name)
{
    struct copy copy WV_AUTOCOPY = {.columns = WV_STRBUF_INIT, .values = WV_STRBUF_INIT};
    find_columns(ddl, &copy, table->old);
    write_lists(ddl, &copy);
    insert(ddl, table, name, &copy);
    for (size_t i = 0; i < copy.count; i++)
        wv_write_rebuilt_counter(ddl, &copy.items[i]);
}
