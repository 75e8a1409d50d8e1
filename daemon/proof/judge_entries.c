/* See judge_entries.h. An entry begins with
 *
 *     --
 *     -- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: shop
 *     --
 *
 * and ends where the next one begins. */
#include "judge_entries.h"

#include <stdlib.h>
#include <string.h>

#include "kind.h"

struct entry {
    char *name;
    char *type;
    char *schema;
};

static char *cut_field(char *line, const char *field)
{
    char *found = NULL;
    for (char *at = line; (at = strstr(at, field)) != NULL; at++)
        found = at;
    if (found == NULL)
        return NULL;
    *found = '\0';
    return found + strlen(field);
}

/* Takes the line apart; the fields point into it. */
static bool read_entry(struct entry *entry, char *line)
{
    static const char start[] = "-- Name: ";
    if (strncmp(line, start, strlen(start)) != 0 || cut_field(line, "; Owner: ") == NULL)
        return false;
    entry->schema = cut_field(line, "; Schema: ");
    entry->type = cut_field(line, "; Type: ");
    entry->name = line + strlen(start);
    return entry->schema != NULL && entry->type != NULL;
}

/* The names stand alone, behind the owner's ("t t_pkey") or behind a word ("TABLE t", "COLUMN
 * t.c"); those of functions have their arguments. */
static bool holds_name(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if ((at == text || at[-1] == ' ') && (at[length] == '\0' || strchr(" .(", at[length])))
            return true;
    return false;
}

static bool is_entry_of(const struct entry *entry, const struct wv_object *object)
{
    bool is_schema = strcmp(object->kind->name, "schema") == 0;
    if (object->name == NULL || (object->kind->traits & WV_KIND_FACET) != 0)
        return false;
    if (is_schema && strcmp(entry->schema, object->name) == 0)
        return true;
    if (strcmp(entry->schema, object->schema != NULL ? object->schema : "-") != 0)
        return false;
    return holds_name(entry->name, object->name) || holds_name(entry->name, object->quoted);
}

void wv_judge_ignored_find(struct wv_judge_ignored *ignored, const struct wv_catalog *catalog)
{
    for (size_t i = 0; catalog != NULL && i < wv_catalog_count(catalog); i++) {
        const struct wv_object *object = wv_catalog_at(catalog, i);
        bool is_root = object->parent == NULL || (object->parent->flags & WV_OBJECT_IGNORED) == 0;
        if ((object->flags & WV_OBJECT_IGNORED) == 0 || !is_root)
            continue;
        WV_GROW(ignored->items, ignored->count, ignored->capacity);
        ignored->items[ignored->count++] = object;
    }
}

void wv_judge_ignored_clear(struct wv_judge_ignored *ignored)
{
    free(ignored->items);
    *ignored = (struct wv_judge_ignored){0};
}

bool wv_judge_entry_begins(const struct wv_token *comment, const struct wv_judge_ignored *ignored,
                           bool *is_ignored)
{
    struct entry entry;
    char *line WV_AUTOFREE = wv_xstrndup(comment->text, comment->length);
    if (!read_entry(&entry, line))
        return false;
    *is_ignored = false;
    for (size_t i = 0; i < ignored->count && !*is_ignored; i++)
        *is_ignored = is_entry_of(&entry, ignored->items[i]);
    return true;
}
