/* What is not ours to change: the user's patterns, the ledger, the version table. */
#include <string.h>

#include "ignore_pattern.h"
#include "inspect_parts.h"
#include "kind.h"

static bool is_kind(const struct wv_object *object, const char *name)
{
    return strcmp(object->kind->name, name) == 0;
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The version table, in its schema or in the one that the session would use. */
static bool is_version_table(const struct wv_reading *reading, const struct wv_object *object)
{
    const struct wv_inspect_options *options = reading->options;
    const char *schema = options->version_table_schema;
    if (schema == NULL || schema[0] == '\0')
        schema = wv_pg_facts(reading->pg)->schema;
    return is_kind(object, "table") && is_same(object->name, options->version_table) &&
           is_same(object->schema, schema);
}

static bool is_named(const struct wv_reading *reading, const struct wv_object *object)
{
    const struct wv_strlist *ignore = reading->options->ignore;
    for (size_t i = 0; ignore != NULL && i < ignore->count; i++)
        if (wv_ignore_pattern_matches(ignore->items[i], object))
            return true;
    return is_version_table(reading, object);
}

static void note_schemas(const struct wv_reading *reading, struct wv_strlist *schemas)
{
    if (reading->options->ledger_schema != NULL)
        wv_strlist_add(schemas, reading->options->ledger_schema);
    for (size_t i = 0; i < wv_catalog_count(reading->catalog); i++) {
        const struct wv_object *object = wv_catalog_at(reading->catalog, i);
        if (is_kind(object, "schema") && is_named(reading, object))
            wv_strlist_add(schemas, object->name);
    }
}

static bool is_ignored(const struct wv_reading *reading, const struct wv_strlist *schemas,
                       const struct wv_object *object)
{
    for (; object != NULL; object = object->parent) {
        const char *schema = is_kind(object, "schema") ? object->name : object->schema;
        if ((schema != NULL && wv_strlist_has(schemas, schema)) || is_named(reading, object))
            return true;
    }
    return false;
}

void wv_reading_ignore(const struct wv_reading *reading)
{
    struct wv_strlist schemas WV_AUTOSTRLIST = {0};
    note_schemas(reading, &schemas);
    for (size_t i = 0; i < wv_catalog_count(reading->catalog); i++) {
        struct wv_object *object = wv_catalog_at(reading->catalog, i);
        if (is_ignored(reading, &schemas, object))
            object->flags |= WV_OBJECT_IGNORED;
    }
}
