/* That a table is a partition of another, from where to where: made by CREATE TABLE or ATTACH. See
 * kind.h. */
#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "partition_copy.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"whole", WV_WAY_RECREATE},
    {"bound", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"bound", NULL};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *table = creation->object->parent;
    const char *whole = wv_object_text(creation->object, "whole");
    wv_prepare_attach(ddl, table);
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER TABLE %s ATTACH PARTITION %s %s", whole, table->identity,
                   wv_object_text(creation->object, "bound"));
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", table);
    wv_ddl_hazard(statement, WV_HAZARD_LOCK, "SHARE UPDATE EXCLUSIVE on %s", whole);
    if (wv_ddl_holds_rows(ddl, table))
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s, unless a check proves the bound",
                      table->identity);
    const struct wv_object *old = wv_catalog_find(ddl->before, &wv_kind_table, whole);
    if (old != NULL)
        wv_tell_default_partition(ddl, statement, old);
}

/* Rows of the new part must not be there. */
void wv_tell_default_partition(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                               const struct wv_object *whole)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(whole, &at)) != NULL) {
        const struct wv_object *partition = wv_partition_of(heir);
        if (partition == NULL || strcmp(wv_object_text(partition, "bound"), "DEFAULT") != 0 ||
            !wv_twin_stays(wv_twin_of_old(ddl->difference, partition)))
            continue;
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", heir);
        wv_ddl_hazard(statement, WV_HAZARD_SCAN,
                      "%s, the default partition, unless a check keeps such rows out",
                      heir->identity);
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s that belong into the new one",
                      heir->identity);
    }
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    const char *whole = wv_object_text(old, "whole");
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER TABLE %s DETACH PARTITION %s", whole, old->parent->identity);
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", old->parent);
    wv_ddl_hazard(statement, WV_HAZARD_LOCK, "ACCESS EXCLUSIVE on %s", whole);
    wv_drop_left_copies(ddl, old->parent);
}

/* Not a name: bounds are given up before they are taken. */
static char *holds(const struct wv_object *partition)
{
    return wv_xasprintf("a part of %s", wv_object_text(partition, "whole"));
}

/* CREATE TABLE ... PARTITION OF would make an index beside that of a key of its own; ATTACH takes
 * that one. */
static bool can_be_inline(const struct wv_object *partition)
{
    const struct wv_object *table = partition->parent;
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_partition_index &&
            wv_object_is(table->parts[i], "is_key"))
            return false;
    return true;
}

const struct wv_kind wv_kind_partition = {
    .name = "partition",
    .sql_name = "PARTITION",
    .rank = 107,
    .traits = WV_KIND_MAY_BE_INLINE,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .drop = drop,
    .can_be_inline = can_be_inline,
    .holds = holds,
};
