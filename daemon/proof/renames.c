/* See renames.h. */
#include "renames.h"

#include <string.h>

#include "changes.h"
#include "kind.h"

/* What has a name of its own that one statement changes. */
static bool is_renamable(const struct wv_object *object)
{
    static const char *const kinds[] = {
        "table", "column", "constraint",        "index",         "view", "sequence",
        "enum",  "domain", "materialized view", "composite type"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(object->kind->name, kinds[i]) == 0)
            return true;
    return false;
}

/* An index has a name of its own, although it is part of a table. */
static char *own_name(const struct wv_object *object)
{
    return strcmp(object->kind->name, "index") == 0 ? wv_xstrdup(object->identity)
                                                    : wv_shown_name(object);
}

static bool has_name(const struct wv_object *object, const char *name)
{
    char *shown WV_AUTOFREE = own_name(object);
    bool in_public = strncmp(shown, "public.", 7) == 0;
    return strcmp(shown, name) == 0 || (in_public && strcmp(shown + 7, name) == 0);
}

static const struct wv_object *find(const struct wv_catalog *catalog, const struct wv_kind *kind,
                                    const char *name)
{
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        const struct wv_object *object = wv_catalog_at(catalog, i);
        if ((kind == NULL || object->kind == kind) && is_renamable(object) &&
            has_name(object, name))
            return object;
    }
    return NULL;
}

/* The last part of the new name, in the place of the old one's. */
static char *full_name(const struct wv_object *old, const char *new)
{
    char *shown WV_AUTOFREE = own_name(old);
    size_t kept = strlen(shown) - strlen(old->quoted);
    const char *last = strrchr(new, '.');
    return wv_xasprintf("%.*s%s", (int)kept, shown, last != NULL ? last + 1 : new);
}

static bool is_of_table(const struct wv_object *object)
{
    return strcmp(object->kind->name, "column") == 0 ||
           strcmp(object->kind->name, "constraint") == 0;
}

static char *statement(const struct wv_object *object, const char *holder, const char *from,
                       const char *to)
{
    if (is_of_table(object))
        return wv_xasprintf("ALTER %s %s RENAME %s %s TO %s", object->parent->kind->sql_name,
                            holder, object->kind->sql_name, from, to);
    return wv_xasprintf("ALTER %s %s RENAME TO %s", object->kind->sql_name, holder, to);
}

static bool run_one(struct wv_renames *renames, struct wv_room *room, const char *old_name,
                    const char *new_name, bool hint, const struct wv_catalog *wanted,
                    struct wv_err *err)
{
    struct wv_catalog *now WV_AUTOCATALOG = NULL;
    if (!wv_room_inspect(room, &now, err))
        return false;
    const struct wv_object *old = find(now, NULL, old_name);
    if (old == NULL && hint)
        return true;
    if (old == NULL)
        return wv_err_set(err, WV_BAD_TARGET, "--rename: the revisions make no \"%s\"", old_name);
    char *name WV_AUTOFREE = full_name(old, new_name);
    const struct wv_object *new = find(wanted, old->kind, name);
    if (new == NULL)
        return wv_err_set(err, WV_BAD_TARGET, "--rename: the models have no %s %s", old->kind->name,
                          name);
    bool there = find(now, old->kind, name) != NULL;
    if (there && hint)
        return true;
    if (there)
        return wv_err_set(err, WV_BAD_TARGET, "--rename: there is a %s %s already", old->kind->name,
                          name);
    bool part = is_of_table(old);
    const char *holder = part ? old->parent->identity : old->identity;
    const char *back_holder = part ? old->parent->identity : new->identity;
    char *up = statement(old, holder, old->quoted, new->quoted);
    char *down = statement(old, back_holder, new->quoted, old->quoted);
    struct wv_found_change *change = wv_findings_change(&room->proof->findings->changes);
    change->deed = wv_xstrdup("rename");
    change->kind = wv_xstrdup(old->kind->name);
    change->identity = own_name(old);
    wv_strlist_add(&change->attributes, new->quoted);
    struct wv_found_statement *told = wv_findings_statement(room->proof->findings);
    told->sql = wv_xstrdup(up);
    wv_findings_hazard(told, wv_hazard_name(WV_HAZARD_BREAKS_READERS),
                       wv_hazard_text(WV_HAZARD_BREAKS_READERS));
    wv_strlist_add_owned(&renames->up, up);
    wv_strlist_add_owned(&renames->down, down);
    return wv_pg_run(room->pg, up, room->proof->wait, err);
}

static void reverse(struct wv_strlist *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        char *item = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
}

static bool run_list(struct wv_renames *renames, struct wv_room *room,
                     const struct wv_strlist *list, bool hints, const struct wv_catalog *wanted,
                     struct wv_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *colon = strchr(list->items[i], ':');
        if (colon == NULL || colon == list->items[i] || colon[1] == '\0')
            return wv_err_set(err, WV_BAD_TARGET, "--rename wants OLD:NEW, not \"%s\"",
                              list->items[i]);
        char *old WV_AUTOFREE = wv_xstrndup(list->items[i], (size_t)(colon - list->items[i]));
        if (!run_one(renames, room, old, colon + 1, hints, wanted, err))
            return false;
    }
    return true;
}

bool wv_renames_run(struct wv_renames *renames, struct wv_room *room,
                    const struct wv_strlist *asked, const struct wv_strlist *hints,
                    const struct wv_catalog *wanted, struct wv_err *err)
{
    if (!run_list(renames, room, asked, false, wanted, err) ||
        !run_list(renames, room, hints, true, wanted, err))
        return false;
    reverse(&renames->down);
    return true;
}

void wv_renames_clear(struct wv_renames *renames)
{
    wv_strlist_free(&renames->up);
    wv_strlist_free(&renames->down);
}
