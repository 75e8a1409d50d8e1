/* See settled.h. */
#include "settled.h"

#include <string.h>

#include "catalog_parts.h"
#include "kind.h"

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* `forms`: the object in the catalog, in the other one, and both when settled. Is it left with a
 * text that is another one when settled, and may change once more? */
static bool settle_object(struct wv_catalog *catalog, struct wv_object *const forms[4])
{
    struct wv_object *object = forms[0];
    size_t width = wv_kind_width(object->kind);
    const char **values = wv_catalog_take(catalog, width, sizeof(*values));
    bool is_moving = false;
    for (size_t i = 0; i < width; i++) {
        bool is_expression = wv_is_expression(object->kind, object->kind->attributes[i].name) &&
                             forms[1]->values[i] != NULL;
        bool is_settled = is_expression && is_same(forms[2]->values[i], forms[3]->values[i]);
        is_moving = is_moving || (is_expression && !is_settled &&
                                  (!is_same(forms[2]->values[i], object->values[i]) ||
                                   !is_same(forms[3]->values[i], forms[1]->values[i])));
        values[i] = is_settled ? wv_catalog_copy(catalog, forms[1]->values[i]) : object->values[i];
    }
    object->values = values;
    object->hash = wv_object_hash(object);
    return is_moving;
}

static bool has_other_text(const struct wv_object *object, const struct wv_object *twin)
{
    const size_t width = wv_kind_width(object->kind);
    for (size_t i = 0; i < width; i++)
        if (object->values[i] != NULL && twin->values[i] != NULL &&
            strcmp(object->values[i], twin->values[i]) != 0 &&
            wv_is_expression(object->kind, object->kind->attributes[i].name))
            return true;
    return false;
}

bool wv_catalog_has_other_texts(const struct wv_catalog *catalog, const struct wv_catalog *other)
{
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        const struct wv_object *object = wv_catalog_at(catalog, i);
        const struct wv_object *twin = wv_catalog_find(other, object->kind, object->identity);
        if (twin != NULL && twin->hash != object->hash && has_other_text(object, twin))
            return true;
    }
    return false;
}

bool wv_catalog_settle(struct wv_catalog *catalog, const struct wv_catalog *other,
                       const struct wv_catalog *settled, const struct wv_catalog *other_settled)
{
    bool is_moving = false;
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        struct wv_object *object = wv_catalog_at(catalog, i);
        struct wv_object *twin = wv_catalog_find(other, object->kind, object->identity);
        if (twin == NULL || twin->hash == object->hash)
            continue;
        struct wv_object *forms[] = {
            object, twin, wv_catalog_find(settled, object->kind, object->identity),
            wv_catalog_find(other_settled, object->kind, object->identity)};
        if (forms[2] != NULL && forms[3] != NULL && settle_object(catalog, forms))
            is_moving = true;
    }
    return is_moving;
}
