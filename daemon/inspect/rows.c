/* Rows of any kind's query into objects. All have the same first columns and then, in the order of
 * the kind's table, its attributes. */
#include <stdlib.h>
#include <string.h>

#include "array_cast.h"
#include "inspect_parts.h"
#include "kind.h"
#include "query.h"

static const char *const first_columns[] = {
    "class_id",   "object_id", "sub_id", "parent_class", "parent_id",
    "parent_sub", "schema",    "name",   "quoted",       "identity",
};

enum {
    KEY,
    PARENT = 3,
    SCHEMA = 6,
    NAME,
    QUOTED,
    IDENTITY,
    FIRST_COLUMNS,
};

static bool check_columns(const struct wv_kind *kind, const struct wv_pg_result *result,
                          struct wv_err *err)
{
    int width = FIRST_COLUMNS + (int)wv_kind_width(kind);
    for (int i = 0; i < width; i++) {
        const char *wanted =
            i < FIRST_COLUMNS ? first_columns[i] : kind->attributes[i - FIRST_COLUMNS].name;
        if (strcmp(wv_pg_column(result, i), wanted) != 0)
            return wv_err_set(err, WV_INTERNAL, "column %d of the query of %s is %s instead of %s",
                              i + 1, kind->name, wv_pg_column(result, i), wanted);
    }
    return true;
}

static struct wv_place_key key_at(const struct wv_pg_result *result, size_t row, int column)
{
    return (struct wv_place_key){(uint32_t)wv_pg_int(result, row, column),
                                 (uint32_t)wv_pg_int(result, row, column + 1),
                                 (int32_t)wv_pg_int(result, row, column + 2)};
}

/* What the server deparses is never nothing as long as the object is there. */
static bool is_deparsed(const char *attribute)
{
    return strcmp(attribute, "definition") == 0 || strcmp(attribute, "expression") == 0;
}

/* Where a row of some kind comes to be: its attributes, and those of their texts that are not the
 * server's own. Which of them are expressions is asked once for all rows. */
struct row {
    const char **values;
    char **made;
    bool *is_expression;
};

static void read_values(struct wv_reading *reading, const struct wv_kind *kind,
                        const struct wv_pg_result *result, size_t row, const struct row *into)
{
    for (size_t i = 0; i < wv_kind_width(kind); i++) {
        const char *text = wv_pg_value(result, row, FIRST_COLUMNS + (int)i);
        if (text == NULL && is_deparsed(kind->attributes[i].name))
            reading->is_torn = true;
        into->made[i] = text != NULL && into->is_expression[i] ? wv_array_casts_kept(text) : NULL;
        into->values[i] = into->made[i] != NULL ? into->made[i] : text;
    }
}

static void add_row(struct wv_reading *reading, const struct wv_kind *kind,
                    const struct wv_pg_result *result, size_t row, const struct row *into)
{
    read_values(reading, kind, result, row, into);
    struct wv_object_row object = {.key = key_at(result, row, KEY),
                                   .parent = key_at(result, row, PARENT),
                                   .schema = wv_pg_value(result, row, SCHEMA),
                                   .name = wv_pg_value(result, row, NAME),
                                   .quoted = wv_pg_value(result, row, QUOTED),
                                   .identity = wv_pg_value(result, row, IDENTITY),
                                   .values = into->values};
    wv_catalog_add(reading->catalog, kind, object.key.class_id != 0, &object);
    for (size_t i = 0; i < wv_kind_width(kind); i++)
        free(into->made[i]);
}

static char *script_name(const struct wv_kind *kind)
{
    char *name = wv_xstrdup(kind->name);
    for (char *at = name; *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    return name;
}

static bool read_kind(struct wv_reading *reading, const struct wv_kind *kind, struct wv_err *err)
{
    char *name WV_AUTOFREE = script_name(kind);
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_reading_ask(reading, name, FIRST_COLUMNS + (int)wv_kind_width(kind), &result, err) ||
        !check_columns(kind, result, err))
        return false;
    size_t width = wv_kind_width(kind);
    const char **values WV_AUTOFREE = wv_xcalloc(width + 1, sizeof(*values));
    char **made WV_AUTOFREE = wv_xcalloc(width + 1, sizeof(*made));
    bool *is_expression WV_AUTOFREE = wv_xcalloc(width + 1, sizeof(*is_expression));
    for (size_t i = 0; i < width; i++)
        is_expression[i] = wv_is_expression(kind, kind->attributes[i].name);
    for (size_t row = 0; row < wv_pg_rows(result); row++)
        add_row(reading, kind, result, row, &(struct row){values, made, is_expression});
    return true;
}

bool wv_reading_rows(struct wv_reading *reading, struct wv_err *err)
{
    for (size_t i = 0; wv_kinds[i] != NULL; i++)
        if (!read_kind(reading, wv_kinds[i], err))
            return false;
    return true;
}
