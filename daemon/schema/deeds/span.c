/* Deeds on the parts of a table between two that begin and end a time of its own. See deeds.h. */
#include "deeds.h"

static void enclose_vertex(const struct wv_span *span, struct wv_vertex *vertex,
                           const struct wv_object *part)
{
    if (vertex == NULL)
        return;
    wv_deeds_edge(span->begin, vertex);
    if (span->comes_after != NULL && span->comes_after(span, vertex, part))
        wv_deeds_edge(span->end, vertex);
    else
        wv_deeds_edge(vertex, span->end);
}

static void enclose_old(const struct wv_span *span, const struct wv_object *whole)
{
    for (size_t i = 0; whole != NULL && i < whole->part_count; i++)
        if (span->concerns(whole->parts[i])) {
            enclose_vertex(span, wv_deeds_of_old(span->deeds, whole->parts[i]), whole->parts[i]);
            enclose_old(span, whole->parts[i]);
        }
}

static void enclose_new(const struct wv_span *span, const struct wv_object *whole)
{
    for (size_t i = 0; whole != NULL && i < whole->part_count; i++)
        if (span->concerns(whole->parts[i])) {
            enclose_vertex(span, wv_deeds_of_new(span->deeds, whole->parts[i]), whole->parts[i]);
            enclose_new(span, whole->parts[i]);
        }
}

void wv_deeds_enclose(const struct wv_span *span, const struct wv_object *old,
                      const struct wv_object *new)
{
    enclose_old(span, old);
    enclose_new(span, new);
}
