/* Base types: those with functions for input and output. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"input", WV_WAY_RECREATE},
    {"output", WV_WAY_RECREATE},
    {"receive", WV_WAY_ALTER},
    {"send", WV_WAY_ALTER},
    {"typmod_in", WV_WAY_ALTER},
    {"typmod_out", WV_WAY_ALTER},
    {"analyze", WV_WAY_ALTER},
    {"subscript", WV_WAY_ALTER},
    {"length", WV_WAY_RECREATE},
    {"by_value", WV_WAY_RECREATE},
    {"alignment", WV_WAY_RECREATE},
    {"storage", WV_WAY_ALTER},
    {"category", WV_WAY_RECREATE},
    {"is_preferred", WV_WAY_RECREATE},
    {"default", WV_WAY_RECREATE},
    {"element", WV_WAY_RECREATE},
    {"delimiter", WV_WAY_RECREATE},
    {"is_collatable", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"default", NULL};

/* Columns keep the storage that their type had. */
static void write_column_storage(struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, column->kind, column->identity);
    if (old == NULL || !wv_ddl_existed(ddl, column))
        return;
    const struct wv_change change = {old, column};
    if (!wv_change_of(&change, "type") && wv_change_of(&change, "type_storage") &&
        wv_object_get(old, "storage") == NULL && wv_object_get(column, "storage") == NULL)
        wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                           "ALTER COLUMN %s SET STORAGE %s", column->quoted,
                           wv_object_text(column, "type_storage"));
}

static void write_storage_of_columns(struct wv_ddl *ddl, const struct wv_object *type)
{
    for (size_t i = 0; i < type->needed_by_count; i++) {
        const struct wv_object *dependant = type->needed_by[i].object;
        if (dependant->kind == &wv_kind_column)
            write_column_storage(ddl, dependant);
        else if (dependant->kind == &wv_kind_domain)
            write_storage_of_columns(ddl, dependant);
    }
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct wv_clause properties[] = {{"input", "INPUT"},
                                                  {"output", "OUTPUT"},
                                                  {"receive", "RECEIVE"},
                                                  {"send", "SEND"},
                                                  {"typmod_in", "TYPMOD_IN"},
                                                  {"typmod_out", "TYPMOD_OUT"},
                                                  {"analyze", "ANALYZE"},
                                                  {"subscript", "SUBSCRIPT"},
                                                  {"length", "INTERNALLENGTH"},
                                                  {"by_value", "PASSEDBYVALUE"},
                                                  {"alignment", "ALIGNMENT"},
                                                  {"storage", "STORAGE"},
                                                  {"category", "CATEGORY"},
                                                  {"is_preferred", "PREFERRED"},
                                                  {"default", "DEFAULT"},
                                                  {"element", "ELEMENT"},
                                                  {"delimiter", "DELIMITER"},
                                                  {"is_collatable", "COLLATABLE"},
                                                  {NULL, NULL}};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE TYPE %s (", creation->object->identity);
    wv_write_clauses(&text, creation->object, properties);
    wv_ddl_add(ddl, "%s)", wv_strbuf_text(&text));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    static const struct wv_clause properties[] = {
        {"receive", "RECEIVE"},     {"send", "SEND"},
        {"typmod_in", "TYPMOD_IN"}, {"typmod_out", "TYPMOD_OUT"},
        {"analyze", "ANALYZE"},     {"subscript", "SUBSCRIPT"},
        {"storage", "STORAGE"},     {NULL, NULL}};
    for (const struct wv_clause *property = properties; property->attribute != NULL; property++) {
        const char *value = wv_object_get(change->new, property->attribute);
        if (wv_change_of(change, property->attribute))
            wv_ddl_add(ddl, "ALTER TYPE %s SET (%s = %s)", change->new->identity, property->word,
                       value != NULL ? value : "NONE");
    }
    if (wv_change_of(change, "storage"))
        write_storage_of_columns(ddl, change->new);
}

const struct wv_kind wv_kind_base_type = {
    .name = "base type",
    .sql_name = "TYPE",
    .rank = 67,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = wv_drop_with_functions,
    .stub = wv_write_shell,
    .set_aside = wv_rename_aside,
};
