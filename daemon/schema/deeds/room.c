/* What would be in the way of something new goes before that is made; what would change what comes
 * after it waits. See deeds.h. */
#include <string.h>

#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "overload.h"
#include "privileges.h"
#include "same.h"
#include "walk.h"
#include "xalloc.h"

static bool is_key(const struct wv_object *part)
{
    const char *type = part->kind == &wv_kind_constraint ? wv_object_text(part, "type") : "";
    return (part->kind == &wv_kind_index && wv_object_is(part, "is_unique")) ||
           strcmp(type, "PRIMARY KEY") == 0 || strcmp(type, "UNIQUE") == 0;
}

/* A foreign key leans on whichever key of the columns it finds: one that goes is gone before it is
 * made, and it is dropped before any of them changes. */
static void order_around_keys(struct wv_deeds *deeds, const struct wv_object *foreign_key,
                              struct wv_vertex *drop, struct wv_vertex *make)
{
    const struct wv_object *table = wv_referenced_table(deeds->difference->before, foreign_key);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        struct wv_vertex *key = wv_deeds_of_old(deeds, table->parts[i]);
        if (key == NULL || !is_key(table->parts[i]))
            continue;
        wv_deeds_edge(drop, key);
        if (key->kind == WV_VERTEX_DROP)
            wv_deeds_edge(key, make);
    }
}

/* A table has one primary key at a time: what is one no more is so before another becomes it. */
static void drop_primary_key_first(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *vertex = wv_deeds_of_new(deeds, new);
    const struct wv_object *table =
        !wv_is_primary_key(new)
            ? NULL
            : wv_catalog_find(deeds->difference->before, new->parent->kind, new->parent->identity);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        struct wv_vertex *key = wv_deeds_of_old(deeds, table->parts[i]);
        if (wv_is_primary_key(table->parts[i]) && key != NULL && key != vertex)
            wv_deeds_edge(key, vertex);
    }
}

/* What is created has what default privileges gave before, which its own statements undo. */
static void create_before_defaults(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *defaults = wv_deeds_of_new(deeds, new);
    if (new->kind != &wv_kind_default_privileges)
        return;
    for (size_t i = 0; i < deeds->count; i++)
        if (deeds->vertices[i].kind == WV_VERTEX_MAKE &&
            wv_default_privileges_apply(new, deeds->vertices[i].twin->new))
            wv_deeds_edge(&deeds->vertices[i], defaults);
}

/* A publication has no schemas beside lists of columns: of its members those that go are gone, and
 * have no list any more, before others come or have one. */
static void drop_members_first(struct wv_deeds *deeds, const struct wv_object *new)
{
    const struct wv_kind *kind = new->kind;
    if (kind != &wv_kind_publication_table && kind != &wv_kind_publication_schema)
        return;
    const struct wv_object *publication =
        wv_catalog_find(deeds->difference->before, new->parent->kind, new->parent->identity);
    for (size_t i = 0; publication != NULL && i < publication->part_count; i++) {
        struct wv_vertex *member = wv_deeds_of_old(deeds, publication->parts[i]);
        if (publication->parts[i]->kind != new->kind && member != NULL)
            wv_deeds_edge(member, wv_deeds_of_new(deeds, new));
    }
}

/* Whatever routine takes or gives such values leans on a transform that is there when it is made.
 */
static void drop_transform_first(struct wv_deeds *deeds, const struct wv_object *old,
                                 struct wv_vertex *drop)
{
    for (size_t i = 0; old->kind == &wv_kind_transform && i < deeds->count; i++)
        if (deeds->vertices[i].kind == WV_VERTEX_MAKE &&
            deeds->vertices[i].twin->new->kind == &wv_kind_routine)
            wv_deeds_edge(drop, &deeds->vertices[i]);
}

static const struct wv_object *either(const struct wv_twin *twin)
{
    return twin->new != NULL ? twin->new : twin->old;
}

static bool have_one_name(const struct wv_object *a, const struct wv_object *b)
{
    return a->kind == b->kind && (a->kind->traits & WV_KIND_ROUTINE) != 0 &&
           wv_same(a->name, b->name) && wv_same(a->schema, b->schema);
}

/* Calls of a routine that is made would mean the one that goes, or could be told from its calls no
 * more. `first` to `end`: the twins of one name; `gone`: the arities of the old ones. */
static void drop_overloads_of(struct wv_deeds *deeds, size_t index, size_t first, size_t end,
                              const struct wv_arity *gone)
{
    struct wv_vertex *make = deeds->of_new[index];
    if (make == NULL || make->kind != WV_VERTEX_MAKE)
        return;
    struct wv_arity own = wv_arity_of(deeds->difference->twins[index].new);
    wv_deeds_mark_later(deeds, make);
    for (size_t i = first; i < end; i++) {
        struct wv_vertex *drop = deeds->of_old[i];
        if (i != index && drop != NULL && drop->kind == WV_VERTEX_DROP &&
            wv_arities_meet(&gone[i - first], &own) && !wv_deeds_is_later(deeds, drop))
            wv_deeds_edge(drop, make);
    }
}

static void tell_apart(struct wv_deeds *deeds, size_t first, size_t end)
{
    const struct wv_twin *twins = deeds->difference->twins;
    struct wv_arity *gone WV_AUTOFREE = wv_xcalloc(end - first, sizeof(*gone));
    for (size_t i = first; i < end; i++)
        if (twins[i].old != NULL)
            gone[i - first] = wv_arity_of(twins[i].old);
    for (size_t i = first; i < end; i++)
        drop_overloads_of(deeds, i, first, end, gone);
}

/* The copy of a check that is not valid is valid on heirs that come after it, and on no others. */
static void order_heirs(struct wv_deeds *deeds, struct wv_vertex *vertex,
                        const struct wv_object *check)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_heirs(&walk, check->parent);
    for (size_t i = 0; i < walk.count; i++) {
        struct wv_vertex *made = wv_deeds_of_new(deeds, walk.tables[i]);
        bool is_first = wv_is_unvalidated_on(check, walk.tables[i]);
        if (made != NULL && made->kind == WV_VERTEX_MAKE)
            wv_deeds_edge(is_first ? made : vertex, is_first ? vertex : made);
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
}

static void make_check_in_time(struct wv_deeds *deeds, const struct wv_object *new)
{
    if (wv_is_check(new) && !wv_object_is(new, "is_valid") && wv_has_shared_copies(new))
        order_heirs(deeds, wv_deeds_of_new(deeds, new), new);
}

void wv_deeds_make_room(struct wv_deeds *deeds, size_t index)
{
    const struct wv_object *new = deeds->difference->twins[index].new;
    const struct wv_object *old = deeds->difference->twins[index].old;
    struct wv_vertex *vertex = deeds->of_new[index];
    struct wv_vertex *drop = deeds->of_old[index];
    if (drop != NULL && drop->kind == WV_VERTEX_DROP) {
        order_around_keys(deeds, old, drop, NULL);
        drop_transform_first(deeds, old, drop);
    }
    if (vertex == NULL)
        return;
    create_before_defaults(deeds, new);
    drop_primary_key_first(deeds, new);
    wv_deeds_drop_namesakes(deeds, new);
    drop_members_first(deeds, new);
    if (vertex->kind == WV_VERTEX_MAKE) {
        order_around_keys(deeds, new, NULL, vertex);
        make_check_in_time(deeds, new);
    }
}

/* Those of one name are next to each other. */
void wv_deeds_tell_overloads_apart(struct wv_deeds *deeds)
{
    const struct wv_difference *difference = deeds->difference;
    size_t end;
    for (size_t first = 0; first < difference->count; first = end) {
        const struct wv_object *object = either(&difference->twins[first]);
        for (end = first + 1; end < difference->count; end++)
            if (!have_one_name(either(&difference->twins[end]), object))
                break;
        if (end - first > 1)
            tell_apart(deeds, first, end);
    }
}

/* Columns that go, and those that they come from, whose statement does it, if they do not wait for
 * the view: what does is marked. */
static void drop_columns_first(struct wv_deeds *deeds, const struct wv_object *table,
                               struct wv_vertex *view)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *column = table->parts[i];
        for (; column != NULL && column->kind == &wv_kind_column;
             column = wv_inherited_from(deeds->difference->before, column)) {
            struct wv_vertex *drop = wv_deeds_of_old(deeds, column);
            if (drop != NULL && drop->kind == WV_VERTEX_DROP && !wv_deeds_is_later(deeds, drop))
                wv_deeds_edge(drop, view);
        }
    }
}

static bool loses_columns(const struct wv_deeds *deeds, const struct wv_object *table)
{
    const struct wv_vertex *own = wv_deeds_of_old(deeds, table);
    if (own != NULL && own->kind == WV_VERTEX_DROP)
        return false;
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_vertex *vertex = wv_deeds_of_old(deeds, table->parts[i]);
        if (table->parts[i]->kind == &wv_kind_column && vertex != NULL &&
            vertex->kind == WV_VERTEX_DROP)
            return true;
    }
    return false;
}

static void settle_columns(struct wv_deeds *deeds, const struct wv_object *view,
                           struct wv_vertex *vertex)
{
    const struct wv_object *last = NULL;
    bool is_marked = false;
    for (size_t i = 0; i < view->need_count; i++) {
        const struct wv_object *table = wv_object_root(view->needs[i].object);
        if (table == last || table->kind != &wv_kind_table)
            continue;
        last = table;
        const struct wv_object *old =
            wv_catalog_find(deeds->difference->before, table->kind, table->identity);
        if (old == NULL || !loses_columns(deeds, old))
            continue;
        if (!is_marked)
            wv_deeds_mark_later(deeds, vertex);
        is_marked = true;
        drop_columns_first(deeds, old, vertex);
    }
}

/* Statements of rules and routines that meet a row which is there need all columns of its table. */
static bool reads_all_columns(const struct wv_object *object)
{
    return object->kind == &wv_kind_view || object->kind == &wv_kind_materialized_view ||
           object->kind == &wv_kind_rule || object->kind == &wv_kind_routine;
}

void wv_deeds_settle_columns(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_object *new = deeds->difference->twins[i].new;
        struct wv_vertex *vertex = deeds->of_new[i];
        if (new != NULL && vertex != NULL &&reads_all_columns(new))
            settle_columns(deeds, new, vertex);
    }
}
