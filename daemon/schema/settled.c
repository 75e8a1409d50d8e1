/* See settled.h. */
#include "settled.h"

#include <string.h>

#include "catalog_parts.h"
#include "kind.h"

bool wv_is_expression(const char *attribute)
{
    static const char *const names[] = {"definition", "expression", "generated",    "using",
                                        "check",      "arguments",  "sql_body",     "default",
                                        "bound",      "filter",     "partition_key"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(attribute, names[i]) == 0)
            return true;
    return false;
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* `forms`: the object in the catalog, in the other one, and both when settled. */
static void settle_object(struct wv_catalog *catalog, struct wv_object *const forms[4])
{
    struct wv_object *object = forms[0];
    size_t width = wv_kind_width(object->kind);
    const char **values = wv_catalog_take(catalog, width, sizeof(*values));
    for (size_t i = 0; i < width; i++) {
        bool is_settled = wv_is_expression(object->kind->attributes[i].name) &&
                          forms[1]->values[i] != NULL &&
                          is_same(forms[2]->values[i], forms[3]->values[i]);
        values[i] = is_settled ? wv_catalog_copy(catalog, forms[1]->values[i]) : object->values[i];
    }
    object->values = values;
    object->hash = wv_object_hash(object);
}

void wv_catalog_settle(struct wv_catalog *catalog, const struct wv_catalog *other,
                       const struct wv_catalog *settled, const struct wv_catalog *other_settled)
{
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        struct wv_object *object = wv_catalog_at(catalog, i);
        struct wv_object *twin = wv_catalog_find(other, object->kind, object->identity);
        if (twin == NULL || twin->hash == object->hash)
            continue;
        struct wv_object *forms[] = {
            object, twin, wv_catalog_find(settled, object->kind, object->identity),
            wv_catalog_find(other_settled, object->kind, object->identity)};
        if (forms[2] != NULL && forms[3] != NULL)
            settle_object(catalog, forms);
    }
}
