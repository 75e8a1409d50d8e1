/* Which names are there at all: a hash table with one place for each schema and name. See
 * catalog.h. */
#include <string.h>

#include "catalog.h"
#include "catalog_parts.h"
#include "hash.h"
#include "kind.h"
#include "same.h"

enum { UNUSED = 0 }; /* else twice the object's index + 1, and 1 more for its other name */

static const char *other_name(const struct wv_object *object)
{
    return object->kind->other_name == NULL ? NULL : object->kind->other_name(object);
}

/* Where the name stands, or would stand. */
static uint32_t *place_of(const struct wv_catalog *catalog, const char *schema, const char *name)
{
    size_t mask = catalog->name_places - 1;
    for (size_t at = (size_t)wv_hash(name) & mask;; at = (at + 1) & mask) {
        uint32_t *place = &catalog->names[at];
        if (*place == UNUSED)
            return place;
        const struct wv_object *object = catalog->objects[(*place - 1) / 2];
        const char *found = *place % 2 == 1 ? object->name : other_name(object);
        if (wv_same(found, name) && wv_same(object->schema, schema))
            return place;
    }
}

static void add_name(struct wv_catalog *catalog, const char *schema, const char *name,
                     size_t number)
{
    uint32_t *place = name == NULL ? NULL : place_of(catalog, schema, name);
    if (place != NULL && *place == UNUSED)
        *place = (uint32_t)number;
}

void wv_catalog_index_names(struct wv_catalog *catalog)
{
    catalog->name_places = 16;
    while (catalog->name_places < 3 * catalog->count)
        catalog->name_places *= 2;
    catalog->names = wv_catalog_take(catalog, catalog->name_places, sizeof(*catalog->names));
    memset(catalog->names, 0, catalog->name_places * sizeof(*catalog->names));
    for (size_t i = 0; i < catalog->count; i++) {
        const struct wv_object *object = catalog->objects[i];
        add_name(catalog, object->schema, object->name, 2 * i + 1);
        add_name(catalog, object->schema, other_name(object), 2 * i + 2);
    }
}

bool wv_catalog_has_name(const struct wv_catalog *catalog, const char *schema, const char *name)
{
    return *place_of(catalog, schema, name) != UNUSED;
}
