/* See renames.h. */
#include "renames.h"

#include <string.h>

#include "changes.h"
#include "kind.h"
#include "renamable.h"

static const struct wv_object *find(const struct wv_catalog *catalog, const struct wv_kind *kind,
                                    const char *name)
{
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        const struct wv_object *object = wv_catalog_at(catalog, i);
        if ((kind == NULL || object->kind == kind) && wv_is_renamable(object) &&
            wv_is_named(object, name))
            return object;
    }
    return NULL;
}

/* The last part of the new name in the place of the old one's; arguments stay. */
static char *full_name(const struct wv_object *old, const char *new)
{
    char *shown WV_AUTOFREE = wv_own_name(old);
    const char *arguments = wv_has_arguments(old) ? strchr(shown, '(') : NULL;
    size_t kept =
        (arguments != NULL ? (size_t)(arguments - shown) : strlen(shown)) - strlen(old->quoted);
    char *bare WV_AUTOFREE = wv_xstrndup(new, arguments != NULL ? strcspn(new, "(") : strlen(new));
    const char *last = strrchr(bare, '.');
    return wv_xasprintf("%.*s%s%s", (int)kept, shown, last != NULL ? last + 1 : bare,
                        arguments != NULL ? arguments : "");
}

/* Of several functions of the old name the one that is to be renamed is that whose counterpart is
 * wanted and not there; without one none is meant by a hint, and any is refused otherwise. */
static const struct wv_object *find_old(const struct wv_catalog *now,
                                        const struct wv_catalog *wanted, const char *old_name,
                                        const char *new_name, bool hint)
{
    const struct wv_object *found = find(now, NULL, old_name);
    if (found == NULL || !wv_has_arguments(found))
        return found;
    for (size_t i = 0; i < wv_catalog_count(now); i++) {
        const struct wv_object *old = wv_catalog_at(now, i);
        if (old->kind != found->kind || !wv_is_named(old, old_name))
            continue;
        char *name WV_AUTOFREE = full_name(old, new_name);
        if (find(wanted, old->kind, name) != NULL && find(now, old->kind, name) == NULL)
            return old;
    }
    return hint ? NULL : found;
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

/* There may be something of that name all the same. */
static bool refuse_old(const struct wv_catalog *now, const char *name, struct wv_err *err)
{
    for (size_t i = 0; i < wv_catalog_count(now); i++) {
        const struct wv_object *object = wv_catalog_at(now, i);
        if ((object->kind->traits & WV_KIND_FACET) != 0 || !wv_is_named(object, name))
            continue;
        char *shown WV_AUTOFREE = wv_own_name(object);
        wv_err_set(err, WV_BAD_TARGET, "--rename: the %s %s cannot be renamed so",
                   object->kind->name, shown);
        return wv_err_hint(err,
                           "tables, columns, constraints, indexes, views, sequences, types and "
                           "functions can, but not those of an extension or ignored ones");
    }
    return wv_err_set(err, WV_BAD_TARGET, "--rename: the revisions make no \"%s\"", name);
}

static bool run_one(struct wv_renames *renames, struct wv_room *room, const char *old_name,
                    const char *new_name, bool hint, const struct wv_catalog *wanted,
                    struct wv_err *err)
{
    struct wv_catalog *now WV_AUTOCATALOG = NULL;
    if (!wv_room_inspect(room, &now, err))
        return false;
    const struct wv_object *old = find_old(now, wanted, old_name, new_name, hint);
    if (old == NULL && hint)
        return true;
    if (old == NULL)
        return refuse_old(now, old_name, err);
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
    change->identity = wv_own_name(old);
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
        size_t before = renames->up.count;
        if (!run_one(renames, room, old, colon + 1, hints, wanted, err))
            return false;
        /* Other functions of that name, with other arguments. */
        for (; renames->up.count > before; before++)
            if (!run_one(renames, room, old, colon + 1, true, wanted, err))
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
