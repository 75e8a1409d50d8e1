/* See renamable.h. */
#include "renamable.h"

#include <string.h>

#include "kind.h"
#include "strbuf.h"
#include "xalloc.h"

/* Neither an extension's nor left alone by the settings. */
static bool is_ours(const struct wv_object *object)
{
    for (; object != NULL; object = object->parent)
        if ((object->flags & (WV_OBJECT_MEMBER | WV_OBJECT_IGNORED)) != 0)
            return false;
    return true;
}

bool wv_is_renamable(const struct wv_object *object)
{
    static const char *const kinds[] = {
        "table",         "column", "constraint", "index",     "view",       "sequence",
        "enum",          "domain", "routine",    "aggregate", "range type", "materialized view",
        "composite type"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(object->kind->name, kinds[i]) == 0)
            return is_ours(object);
    return false;
}

bool wv_has_arguments(const struct wv_object *object)
{
    return strcmp(object->kind->name, "routine") == 0 ||
           strcmp(object->kind->name, "aggregate") == 0;
}

char *wv_own_name(const struct wv_object *object)
{
    return strcmp(object->kind->name, "index") == 0 ? wv_xstrdup(object->identity)
                                                    : wv_shown_name(object);
}

static bool is_same(const struct wv_object *object, const char *shown, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(shown, name, length) != 0)
        return false;
    return shown[length] == '\0' || (wv_has_arguments(object) && shown[length] == '(');
}

bool wv_is_named(const struct wv_object *object, const char *name)
{
    char *shown WV_AUTOFREE = wv_own_name(object);
    bool in_public = strncmp(shown, "public.", 7) == 0;
    return is_same(object, shown, name) || (in_public && is_same(object, shown + 7, name));
}

/* Attributes that are names, or places among others, are nothing that it is. */
static bool is_content(const struct wv_attribute *attribute)
{
    return attribute->way != WV_WAY_NONE && strcmp(attribute->name, "identity_sequence") != 0 &&
           strcmp(attribute->name, "not_null_name") != 0;
}

static void add_values(struct wv_strbuf *text, const struct wv_object *object)
{
    const struct wv_attribute *attributes = object->kind->attributes;
    for (size_t i = 0; attributes != NULL && attributes[i].name != NULL; i++)
        if (is_content(&attributes[i]) && object->values[i] != NULL)
            wv_strbuf_addf(text, "\n%s=%s", attributes[i].name, object->values[i]);
}

size_t wv_name_span(const char *text, const char *ends)
{
    bool is_quoted = false;
    size_t length = 0;
    for (; text[length] != '\0' && (is_quoted || strchr(ends, text[length]) == NULL); length++)
        is_quoted ^= text[length] == '"';
    return length;
}

static bool is_column(const struct wv_object *object)
{
    return strcmp(object->kind->name, "column") == 0;
}

/* Of a table its columns by name: constraints and indexes are often named after it. */
char *wv_content_of(const struct wv_object *object)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "%s %s", object->kind->name,
                   object->schema != NULL ? object->schema : "");
    const char *arguments = strchr(object->identity, '(');
    if (object->parent == NULL && arguments != NULL)
        wv_strbuf_adds(&text, arguments);
    add_values(&text, object);
    for (size_t i = 0; i < object->part_count; i++) {
        const struct wv_object *part = object->parts[i];
        if (!is_column(part) && strcmp(part->kind->name, "composite attribute") != 0)
            continue;
        wv_strbuf_addf(&text, "\n%s", part->quoted);
        add_values(&text, part);
    }
    return wv_strbuf_take(&text);
}
