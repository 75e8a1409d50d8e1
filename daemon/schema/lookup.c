/* See lookup.h. */
#include "lookup.h"

#include <string.h>

#include "kinds.h"
#include "quote.h"
#include "xalloc.h"

const struct wv_object *wv_part_of_kind(const struct wv_object *object, const struct wv_kind *kind)
{
    for (size_t i = 0; object != NULL && i < object->part_count; i++)
        if (object->parts[i]->kind == kind)
            return object->parts[i];
    return NULL;
}

const struct wv_object *wv_need_of_kind(const struct wv_object *object, const struct wv_kind *kind)
{
    for (size_t i = 0; object != NULL && i < object->need_count; i++)
        if (object->needs[i].object->kind == kind)
            return object->needs[i].object;
    return NULL;
}

const struct wv_object *wv_find_column(const struct wv_object *table, const char *name)
{
    for (size_t i = 0; table != NULL && i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_column && strcmp(table->parts[i]->name, name) == 0)
            return table->parts[i];
    return NULL;
}

const struct wv_object *wv_find_table(const struct wv_catalog *catalog, const char *name)
{
    const struct wv_object *table = wv_catalog_find(catalog, &wv_kind_table, name);
    return table != NULL ? table : wv_catalog_find(catalog, &wv_kind_foreign_table, name);
}

const struct wv_object *wv_referenced_table(const struct wv_catalog *catalog,
                                            const struct wv_object *object)
{
    const char *table =
        object->kind == &wv_kind_constraint ? wv_object_get(object, "references") : NULL;
    return table == NULL ? NULL : wv_catalog_find(catalog, &wv_kind_table, table);
}

bool wv_is_referenced(const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        for (size_t j = 0; j < table->parts[i]->needed_by_count; j++) {
            const struct wv_object *key = table->parts[i]->needed_by[j].object;
            if (key->kind == &wv_kind_constraint &&
                strcmp(wv_object_text(key, "references"), table->identity) == 0)
                return true;
        }
    return false;
}

bool wv_needs_all_columns(const struct wv_object *object, const struct wv_object *table)
{
    size_t columns = 0;
    size_t needed = 0;
    for (size_t i = 0; i < table->part_count; i++)
        columns += table->parts[i]->kind == &wv_kind_column;
    for (size_t i = 0; i < object->need_count; i++)
        needed += object->needs[i].object->kind == &wv_kind_column &&
                  object->needs[i].object->parent == table;
    return needed == columns;
}

static bool is_constraint(const struct wv_object *object, const char *type)
{
    return object->kind == &wv_kind_constraint && strcmp(wv_object_text(object, "type"), type) == 0;
}

bool wv_is_check(const struct wv_object *object)
{
    return is_constraint(object, "CHECK");
}

bool wv_is_primary_key(const struct wv_object *object)
{
    return is_constraint(object, "PRIMARY KEY");
}

const char *wv_default_of(const struct wv_object *column)
{
    const struct wv_object *found = wv_part_of_kind(column, &wv_kind_default);
    return found == NULL ? NULL : wv_object_get(found, "expression");
}

char *wv_quoted_schema(const struct wv_object *object)
{
    char *name WV_AUTOFREE = wv_xasprintf(".%s", object->quoted);
    const char *at = object->identity;
    size_t length = strlen(name);
    while ((at = strstr(at, name)) != NULL && at[length] != '\0' && at[length] != '(')
        at++;
    return at == NULL ? wv_quote_ident(object->schema)
                      : wv_xstrndup(object->identity, (size_t)(at - object->identity));
}

/* NULLS NOT DISTINCT stands behind the columns of an index. */
char *wv_key_columns(const char *type, const char *definition)
{
    static const char nulls[] = "NULLS NOT DISTINCT ";
    const char *at = definition + strlen(type) + 1;
    if (strncmp(at, nulls, sizeof(nulls) - 1) == 0)
        return wv_xasprintf("%s NULLS NOT DISTINCT", at + sizeof(nulls) - 1);
    return wv_xstrdup(at);
}
