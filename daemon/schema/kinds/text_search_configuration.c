/* Text search configurations. See kind.h. */
#include <string.h>

#include "ddl.h"
#include "kinds.h"
#include "list.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"parser", WV_WAY_RECREATE},
    {"mappings", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* "asciiword (pg_catalog.simple, public.d)": a type of token and its dictionaries. */
static void write_mapping(struct wv_ddl *ddl, const struct wv_object *configuration,
                          const char *word, const char *mapping)
{
    size_t key = wv_list_key(mapping);
    const char *dictionaries = mapping + key + strlen(" (");
    int length = (int)(wv_list_item(mapping) - key - strlen(" ()"));
    wv_ddl_add(ddl, "ALTER TEXT SEARCH CONFIGURATION %s %s MAPPING FOR %.*s WITH %.*s",
               configuration->identity, word, (int)key, mapping, length, dictionaries);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *configuration = creation->object;
    const char *mappings = wv_object_text(configuration, "mappings");
    wv_ddl_add(ddl, "CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %s)", configuration->identity,
               wv_object_text(configuration, "parser"));
    for (; *mappings != '\0'; mappings = wv_list_next(mappings))
        write_mapping(ddl, configuration, "ADD", mappings);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *configuration = change->new;
    const char *old = wv_object_text(change->old, "mappings");
    const char *new = wv_object_text(configuration, "mappings");
    for (const char *at = old; *at != '\0'; at = wv_list_next(at))
        if (wv_list_find(new, at, wv_list_key(at)) == NULL)
            wv_ddl_add(ddl, "ALTER TEXT SEARCH CONFIGURATION %s DROP MAPPING FOR %.*s",
                       configuration->identity, (int)wv_list_key(at), at);
    for (const char *at = new; *at != '\0'; at = wv_list_next(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const char *before = wv_list_find(old, at, wv_list_key(at));
        if (before == NULL || !wv_list_has(old, item))
            write_mapping(ddl, configuration, before == NULL ? "ADD" : "ALTER", item);
    }
}

const struct wv_kind wv_kind_text_search_configuration = {
    .name = "text search configuration",
    .sql_name = "TEXT SEARCH CONFIGURATION",
    .rank = 83,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
