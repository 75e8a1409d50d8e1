/* inspect_dump [--ignore PATTERN]... [--ledger SCHEMA] [--version-table NAME] [--count | --queries]
 * CONNINFO Reads the database and prints one JSON object for each object of it, in the catalog's
 * order; with
 * --count only how many there are; with --queries what it would ask, each query ended by a NUL. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "fragment.h"
#include "inspect_scripts.h"
#include "kind.h"
#include "live_catalog.h"

static json_t *text_json(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *attributes_json(const struct wv_object *object, bool is_compared)
{
    json_t *all = json_object();
    for (size_t i = 0; i < wv_kind_width(object->kind); i++) {
        const struct wv_attribute *attribute = &object->kind->attributes[i];
        if ((attribute->way != WV_WAY_NONE) == is_compared && object->values[i] != NULL)
            json_object_set_new(all, attribute->name, text_json(object->values[i]));
    }
    return all;
}

static json_t *name_json(const struct wv_object *object)
{
    return json_sprintf("%s %s", object->kind->name, object->identity);
}

static json_t *needs_json(const struct wv_object *object)
{
    static const char *const words[] = {"normal", "auto", "internal"};
    json_t *all = json_object();
    for (size_t i = 0; i < object->need_count; i++) {
        json_t *name = name_json(object->needs[i].object);
        json_object_set_new(all, json_string_value(name),
                            json_string(words[object->needs[i].kind]));
        json_decref(name);
    }
    return all;
}

static void print(json_t *line)
{
    if (json_dumpf(line, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
        abort();
    json_decref(line);
}

static void print_object(const struct wv_object *object)
{
    json_t *line = json_object();
    json_object_set_new(line, "object", name_json(object));
    json_object_set_new(line, "kind", json_string(object->kind->name));
    json_object_set_new(line, "schema", text_json(object->schema));
    json_object_set_new(line, "name", text_json(object->name));
    json_object_set_new(line, "quoted", text_json(object->quoted));
    json_object_set_new(line, "parent",
                        object->parent == NULL ? json_null() : name_json(object->parent));
    json_object_set_new(line, "member", json_boolean((object->flags & WV_OBJECT_MEMBER) != 0));
    json_object_set_new(line, "ignored", json_boolean((object->flags & WV_OBJECT_IGNORED) != 0));
    json_object_set_new(line, "hash", json_sprintf("%016llx", (unsigned long long)object->hash));
    json_object_set_new(line, "attributes", attributes_json(object, true));
    json_object_set_new(line, "notes", attributes_json(object, false));
    json_object_set_new(line, "needs", needs_json(object));
    print(line);
}

static void print_catalog(const struct wv_catalog *catalog)
{
    for (size_t i = 0; i < wv_catalog_count(catalog); i++)
        print_object(wv_catalog_at(catalog, i));
    for (size_t i = 0; i < wv_catalog_unmodelled_count(catalog); i++) {
        const struct wv_unmodelled *item = wv_catalog_unmodelled_at(catalog, i);
        print(json_pack("{s:s, s:i}", "unmodelled", item->what, "count", (int)item->count));
    }
}

static bool inspect(const char *conninfo, const struct wv_inspect_options *options, bool is_count,
                    struct wv_err *err)
{
    struct wv_catalog *catalog WV_AUTOCATALOG = NULL;
    bool is_done = live_catalog(&catalog, conninfo, options, err);
    if (is_done && is_count)
        printf("%zu\n", wv_catalog_count(catalog));
    else if (is_done)
        print_catalog(catalog);
    return is_done;
}

static int print_queries(void)
{
    struct wv_fragment_facts facts = {.server_version = 150000};
    fputs("BEGIN; SET LOCAL search_path = ''; SET LOCAL jit = off;"
          " SET LOCAL enable_nestloop = off",
          stdout);
    for (int i = 0; i < wv_inspect_scripts_count; i++) {
        char *sql WV_AUTOFREE = wv_fragment_expand(wv_inspect_scripts[i], &facts);
        putchar('\0');
        fputs(sql, stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"ignore", required_argument, NULL, 'i'},
        {"ledger", required_argument, NULL, 'l'},
        {"version-table", required_argument, NULL, 'v'},
        {"count", no_argument, NULL, 'c'},
        {"queries", no_argument, NULL, 'q'},
        {NULL, 0, NULL, 0},
    };
    struct wv_strlist ignore WV_AUTOSTRLIST = {0};
    struct wv_inspect_options options = {.ignore = &ignore};
    bool is_count = false;
    int option;
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (option == 'i')
            wv_strlist_add(&ignore, optarg);
        else if (option == 'l')
            options.ledger_schema = optarg;
        else if (option == 'v')
            options.version_table = optarg;
        else if (option == 'c')
            is_count = true;
        else
            return option == 'q' ? print_queries() : 2;
    }
    struct wv_err err WV_AUTOERR = {0};
    if (inspect(optind < argc ? argv[optind] : "", &options, is_count, &err))
        return 0;
    return live_failed(&err);
}
