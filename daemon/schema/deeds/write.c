/* Each deed as statements, written by the kind of its object. See deeds.h. */
#include <stdlib.h>
#include <string.h>

#include "analyze.h"
#include "column_moves.h"
#include "deeds.h"
#include "kinds.h"
#include "privileges.h"
#include "writing.h"
#include "xalloc.h"

static void refuse(struct wv_ddl *ddl, const struct wv_vertex *vertex)
{
    static const char *const names[] = {"dropping", "creating", "changing", "setting aside",
                                        "parking"};
    const struct wv_object *object = wv_vertex_object(vertex);
    wv_ddl_refuse(ddl, "%s the %s %s is not written by this program", names[vertex->kind],
                  object->kind->name, object->identity);
}

static int order_parts(const void *a, const void *b)
{
    const struct wv_object *left = *(const struct wv_object *const *)a;
    const struct wv_object *right = *(const struct wv_object *const *)b;
    if (left->kind->rank != right->kind->rank)
        return left->kind->rank < right->kind->rank ? -1 : 1;
    long left_place = wv_object_position(left);
    long right_place = wv_object_position(right);
    if (left_place != right_place)
        return left_place < right_place ? -1 : 1;
    return strcmp(left->identity, right->identity);
}

static void write_make(struct wv_ddl *ddl, const struct wv_vertex *vertex)
{
    const struct wv_object *made = vertex->twin->new;
    const struct wv_object **parts = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (const struct wv_vertex *guest = vertex->guest; guest != NULL; guest = guest->guest) {
        WV_GROW(parts, count, capacity);
        parts[count++] = guest->twin->new;
    }
    if (count > 0)
        qsort(parts, count, sizeof(*parts), order_parts);
    made->kind->create(ddl, &(struct wv_creation){made, parts, count, vertex->stub != NULL});
    free(parts);
    if ((made->kind->traits & WV_KIND_FACET) == 0)
        wv_undo_default_privileges(ddl, made);
}

static void write_drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (old->kind->drop != NULL)
        old->kind->drop(ddl, old);
    else
        wv_drop(ddl, old);
}

/* Columns of a table that go over together, and what else is changed of each. */
static void write_columns(struct wv_ddl *ddl, const struct wv_vertex *vertex)
{
    enum wv_vertex_kind kind = vertex->kind;
    struct wv_change *changes = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (; vertex != NULL; vertex = vertex->guest) {
        if (vertex->kind != kind)
            continue;
        WV_GROW(changes, count, capacity);
        changes[count++] = (struct wv_change){vertex->twin->old, vertex->twin->new};
    }
    if (kind == WV_VERTEX_PARK)
        wv_park_columns(ddl, changes, count);
    else
        wv_alter_columns(ddl, changes, count);
    free(changes);
}

static void write_vertex(struct wv_ddl *ddl, const struct wv_vertex *vertex,
                         const struct wv_difference *difference, bool is_plain)
{
    const struct wv_twin *twin = vertex->twin;
    const struct wv_object *object = wv_vertex_object(vertex);
    const struct wv_kind *kind = object->kind;
    *ddl = (struct wv_ddl){.is_plain = is_plain,
                           .difference = difference,
                           .before = difference->before,
                           .after = difference->after,
                           .object = object};
    if (vertex->is_stub)
        kind->stub(ddl, object, vertex->kind != WV_VERTEX_MAKE);
    else if (vertex->kind == WV_VERTEX_ASIDE)
        kind->set_aside(ddl, object, twin->aside);
    else if (vertex->kind == WV_VERTEX_PARK ||
             (vertex->kind == WV_VERTEX_ALTER && kind == &wv_kind_column))
        write_columns(ddl, vertex);
    else if (vertex->kind == WV_VERTEX_ALTER && kind->alter != NULL)
        kind->alter(ddl, &(struct wv_change){twin->old, twin->new});
    else if (vertex->kind == WV_VERTEX_MAKE && kind->create != NULL)
        write_make(ddl, vertex);
    else if (vertex->kind == WV_VERTEX_DROP && kind->create != NULL)
        write_drop(ddl, twin->old);
    else
        refuse(ddl, vertex);
}

bool wv_deeds_write(struct wv_deeds *deeds, bool is_plain, struct wv_err *err)
{
    for (size_t i = 0; i < deeds->count; i++) {
        struct wv_vertex *vertex = &deeds->vertices[i];
        if (vertex->host != vertex)
            continue;
        write_vertex(&vertex->ddl, vertex, deeds->difference, is_plain);
        if (vertex->ddl.unwritten != NULL) {
            wv_err_set(err, WV_SCHEMA_UNWRITTEN, "%s", vertex->ddl.unwritten);
            return wv_err_hint(err, "write a revision for it by hand: wovenctl migrate revision");
        }
    }
    return true;
}

void wv_deeds_analyze(struct wv_ddl *out, struct wv_vertex *const *ordered, size_t count)
{
    for (size_t i = 0; i < count; i++)
        wv_gather_lost(out, &ordered[i]->ddl);
    wv_write_analyze(out);
}
