/* See renames.h. */
#include "renames.h"

#include <string.h>

#include "changes.h"
#include "free_name.h"
#include "kind.h"
#include "renamable.h"
#include "rename_order.h"
#include "roots.h"

static bool is_renamed(const struct wv_renaming *renaming, const struct wv_object *object)
{
    char *name WV_AUTOFREE = wv_own_name(object);
    return wv_strlist_has(&renaming->done, name);
}

static void tell_unknown(const struct wv_renaming *renaming, const struct wv_object *old,
                         const struct wv_rename_request *request)
{
    char *name WV_AUTOFREE = wv_own_name(old);
    wv_findings_note(renaming->room->proof->findings,
                     "the models say that the names of %s and %s were exchanged: nothing tells "
                     "whether that is done, so nothing is renamed; when it is to be done, ask for "
                     "it: --rename %s:%s, and so on for all that are exchanged",
                     name, request->new, name, request->new);
}

/* Of several things of the old name the one that is meant is that whose counterpart is wanted and
 * not there, or there to be renamed itself; without one none is meant by a hint, and any is refused
 * otherwise. */
static const struct wv_object *find_old(struct wv_renaming *renaming, const struct wv_catalog *now,
                                        const struct wv_rename_request *request, const char *name,
                                        bool may_miss)
{
    const struct wv_object *found = NULL;
    for (size_t i = 0; i < wv_catalog_count(now); i++) {
        const struct wv_object *old = wv_catalog_at(now, i);
        if (!wv_is_renamable(old) || !wv_is_named(old, name) || is_renamed(renaming, old))
            continue;
        if (found == NULL)
            found = old;
        if (wv_rename_target(renaming, old, request) == NULL)
            continue;
        enum wv_rename_room room = wv_rename_room(renaming, now, old, request);
        if (room == WV_ROOM_FREE || room == WV_ROOM_MADE)
            return old;
        if (room == WV_ROOM_UNKNOWN)
            tell_unknown(renaming, old, request);
    }
    return may_miss ? NULL : found;
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
    wv_err_set(err, WV_BAD_TARGET, "--rename: the revisions make no \"%s\"", name);
    return wv_err_hint(err, "renames are done in the order in which they are asked for: below a "
                            "table that is renamed before, names stand behind its new one");
}

/* Those that the old one can only be renamed together with, as one table inherits all of them; with
 * itself. None: it is no part of a table. */
static void find_roots(struct wv_roots *roots, const struct wv_catalog *now,
                       const struct wv_object *old)
{
    if (is_of_table(old))
        wv_roots_find(roots, now, old, NULL);
}

/* Have all of them the new name in the models, and none has it now, unless the old one has to have
 * room made for it as well? */
static bool check_roots(const struct wv_renaming *renaming, const struct wv_catalog *now,
                        const struct wv_roots *roots, const struct wv_object *old,
                        const struct wv_rename_request *request, struct wv_err *err)
{
    bool is_held = wv_rename_holder(now, old, request) != NULL;
    for (size_t i = 0; roots->count > 1 && i < roots->count; i++) {
        const struct wv_object *part = roots->parts[i];
        char *name WV_AUTOFREE = wv_requested_name(part, request);
        if (wv_rename_target(renaming, part, request) != NULL &&
            (wv_rename_holder(now, part, request) != NULL) == is_held)
            continue;
        char *shown WV_AUTOFREE = wv_own_name(part);
        char *asked WV_AUTOFREE = wv_own_name(old);
        wv_err_set(err, WV_BAD_TARGET,
                   "--rename: the %s %s can only be renamed together with %s, as one table "
                   "inherits both: %s is there already, or not in the models",
                   old->kind->name, asked, shown, name);
        return wv_err_hint(err, "rename both in the models, or let the table inherit only one of "
                                "them first (NO INHERIT)");
    }
    return true;
}

/* Both texts are taken over. */
static bool run(struct wv_renaming *renaming, char *up, char *down, struct wv_err *err)
{
    struct wv_room *room = renaming->room;
    struct wv_found_statement *told = wv_findings_statement(room->proof->findings);
    told->sql = wv_xstrdup(up);
    wv_findings_hazard(told, wv_hazard_name(WV_HAZARD_BREAKS_READERS),
                       wv_hazard_text(WV_HAZARD_BREAKS_READERS));
    wv_strlist_add_owned(&renaming->renames->up, up);
    wv_strlist_add_owned(&renaming->renames->down, down);
    renaming->is_renamed = true;
    return wv_pg_exec(room->pg, up, room->proof->wait, err);
}

/* By a table that all of them inherit from meanwhile. */
static bool rename_together(struct wv_renaming *renaming, const struct wv_catalog *now,
                            const struct wv_object *old, const struct wv_roots *roots,
                            const char *to, struct wv_err *err)
{
    const struct wv_difference names = {.before = now, .after = renaming->wanted};
    char *meanwhile WV_AUTOFREE = wv_roots_name(&names, roots);
    for (size_t i = 0; i < roots->count; i++) {
        if (roots->parts[i] == old)
            continue;
        wv_strlist_add_owned(&renaming->along, wv_own_name(roots->parts[i]));
        wv_strlist_add_owned(&renaming->done, wv_renamed_name(roots->parts[i], to));
    }
    return run(renaming, wv_roots_rename(roots, meanwhile, to, false),
               wv_roots_rename(roots, meanwhile, to, true), err);
}

/* `name`: of the old one with its last part `to`. */
static bool rename_to(struct wv_renaming *renaming, const struct wv_catalog *now,
                      const struct wv_object *old, const struct wv_roots *roots, const char *name,
                      const char *to, struct wv_err *err)
{
    bool part = is_of_table(old);
    if (roots->count > 1)
        return rename_together(renaming, now, old, roots, to, err);
    return run(renaming,
               statement(old, part ? old->parent->identity : old->identity, old->quoted, to),
               statement(old, part ? old->parent->identity : name, to, old->quoted), err);
}

static void note_aside(struct wv_rename_request *request, const struct wv_object *holder,
                       const char *last)
{
    wv_strlist_add_owned(&request->aside, wv_renamed_name(holder, last));
    wv_strlist_add_owned(&request->was, wv_own_name(holder));
}

/* It has a name of its own until its turn comes. */
static bool make_room(struct wv_renaming *renaming, const struct wv_catalog *now,
                      const struct wv_object *holder, struct wv_err *err)
{
    struct wv_rename_request *request = wv_rename_request_for(renaming, holder);
    struct wv_roots roots WV_AUTOROOTS = {0};
    const struct wv_difference names = {.before = now, .after = renaming->wanted};
    char *last WV_AUTOFREE = wv_free_name(&names, holder->schema, holder->name, "_old");
    char *name WV_AUTOFREE = wv_renamed_name(holder, last);
    find_roots(&roots, now, holder);
    note_aside(request, holder, last);
    for (size_t i = 0; i < roots.count; i++)
        if (roots.parts[i] != holder)
            note_aside(request, roots.parts[i], last);
    return rename_to(renaming, now, holder, &roots, name, last, err);
}

/* By the name that it had before it made room for another. */
static void tell_rename(struct wv_findings *findings, const struct wv_object *old,
                        const struct wv_rename_request *request, const char *to)
{
    char *name WV_AUTOFREE = wv_own_name(old);
    struct wv_found_change *change = wv_findings_change(&findings->changes);
    change->deed = wv_xstrdup("rename");
    change->kind = wv_xstrdup(old->kind->name);
    for (size_t i = 0; i < request->aside.count; i++)
        if (strcmp(request->aside.items[i], name) == 0)
            change->identity = wv_xstrdup(request->was.items[i]);
    if (change->identity == NULL)
        change->identity = WV_STEAL(name);
    wv_strlist_add(&change->attributes, to);
}

/* By the same request for another table. */
static bool was_renamed_along(const struct wv_renaming *renaming, const char *name)
{
    char *full WV_AUTOFREE = wv_xasprintf("public.%s", name);
    return wv_strlist_has(&renaming->along, name) || wv_strlist_has(&renaming->along, full);
}

/* Most of what the models say was done long ago: that asks for no other look. */
static bool read_now(struct wv_renaming *renaming, struct wv_err *err)
{
    if (renaming->now != NULL && !renaming->is_renamed)
        return true;
    wv_catalog_free(WV_STEAL(renaming->now));
    renaming->is_renamed = false;
    return wv_room_inspect(renaming->room, &renaming->now, err);
}

static bool run_one(struct wv_renaming *renaming, struct wv_rename_request *request,
                    const char *old_name, bool may_miss, struct wv_err *err)
{
    if (!read_now(renaming, err))
        return false;
    const struct wv_catalog *now = renaming->now;
    const struct wv_object *old = find_old(renaming, now, request, old_name, may_miss);
    if (old == NULL)
        return may_miss || was_renamed_along(renaming, old_name) || refuse_old(now, old_name, err);
    char *name WV_AUTOFREE = wv_requested_name(old, request);
    const struct wv_object *new = wv_rename_target(renaming, old, request);
    if (new == NULL)
        return wv_err_set(err, WV_BAD_TARGET, "--rename: the models have no %s %s", old->kind->name,
                          name);
    const struct wv_object *holder = wv_rename_holder(now, old, request);
    if (holder != NULL && wv_rename_room(renaming, now, old, request) != WV_ROOM_MADE)
        return wv_err_set(err, WV_BAD_TARGET, "--rename: there is a %s %s already",
                          holder->kind->name, name);
    struct wv_roots roots WV_AUTOROOTS = {0};
    struct wv_err why WV_AUTOERR = {0};
    find_roots(&roots, now, old);
    if (!check_roots(renaming, now, &roots, old, request, &why)) {
        if (!request->is_hint)
            wv_err_move(err, &why);
        return request->is_hint;
    }
    if (holder != NULL && !make_room(renaming, now, holder, err))
        return false;
    tell_rename(renaming->room->proof->findings, old, request, new->quoted);
    for (size_t i = 0; i < roots.count; i++)
        if (roots.parts[i] != old)
            tell_rename(renaming->room->proof->findings, roots.parts[i], request, new->quoted);
    wv_strlist_add(&renaming->done, name);
    return rename_to(renaming, now, old, &roots, name, new->quoted, err);
}

/* What had to make room, then what has the old name; other functions of it, with other arguments.
 */
static bool run_request(struct wv_renaming *renaming, struct wv_rename_request *request,
                        struct wv_err *err)
{
    bool may_miss = request->is_hint || request->aside.count > 0;
    size_t before;
    request->is_begun = true;
    for (size_t i = 0; i < request->aside.count; i++)
        if (!run_one(renaming, request, request->aside.items[i], true, err))
            return false;
    do {
        before = renaming->renames->up.count;
        if (!run_one(renaming, request, request->old, may_miss, err))
            return false;
        may_miss = true;
    } while (renaming->renames->up.count > before);
    return true;
}

static void reverse(struct wv_strlist *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        char *item = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
}

static bool add_requests(struct wv_renaming *renaming, const struct wv_strlist *list, bool is_hint,
                         struct wv_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *colon = list->items[i] + wv_name_span(list->items[i], ":");
        if (colon == list->items[i] || colon[0] == '\0' || colon[1] == '\0')
            return wv_err_set(err, WV_BAD_TARGET, "--rename wants OLD:NEW, not \"%s\"",
                              list->items[i]);
        WV_GROW(renaming->requests, renaming->count, renaming->capacity);
        renaming->requests[renaming->count++] = (struct wv_rename_request){
            .old = wv_xstrndup(list->items[i], (size_t)(colon - list->items[i])),
            .new = colon + 1,
            .is_hint = is_hint};
    }
    return true;
}

bool wv_renames_run(struct wv_renames *renames, struct wv_room *room,
                    const struct wv_strlist *asked, const struct wv_strlist *hints,
                    const struct wv_catalog *wanted, struct wv_err *err)
{
    struct wv_renaming renaming WV_AUTORENAMING = {
        .renames = renames, .room = room, .wanted = wanted};
    if (!add_requests(&renaming, asked, false, err) || !add_requests(&renaming, hints, true, err))
        return false;
    for (size_t i = 0; i < renaming.count; i++)
        if (!run_request(&renaming, &renaming.requests[i], err))
            return false;
    reverse(&renames->down);
    return true;
}

void wv_renames_clear(struct wv_renames *renames)
{
    wv_strlist_free(&renames->up);
    wv_strlist_free(&renames->down);
}
