/* See rename_order.h. */
#include "rename_order.h"

#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "renamable.h"

void wv_renaming_clear(struct wv_renaming *renaming)
{
    for (size_t i = 0; i < renaming->count; i++) {
        free(renaming->requests[i].old);
        wv_strlist_free(&renaming->requests[i].aside);
        wv_strlist_free(&renaming->requests[i].was);
    }
    free(renaming->requests);
    wv_catalog_free(renaming->now);
    wv_strlist_free(&renaming->done);
    wv_strlist_free(&renaming->along);
}

char *wv_renamed_name(const struct wv_object *old, const char *last)
{
    char *shown WV_AUTOFREE = wv_own_name(old);
    const char *arguments = wv_has_arguments(old) ? strchr(shown, '(') : NULL;
    size_t kept =
        (arguments != NULL ? (size_t)(arguments - shown) : strlen(shown)) - strlen(old->quoted);
    return wv_xasprintf("%.*s%s%s", (int)kept, shown, last, arguments != NULL ? arguments : "");
}

char *wv_requested_name(const struct wv_object *old, const struct wv_rename_request *request)
{
    const char *new = request->new;
    char *bare WV_AUTOFREE =
        wv_xstrndup(new, wv_has_arguments(old) ? strcspn(new, "(") : strlen(new));
    const char *last = strrchr(bare, '.');
    return wv_renamed_name(old, last != NULL ? last + 1 : bare);
}

const struct wv_object *wv_rename_target(const struct wv_renaming *renaming,
                                         const struct wv_object *old,
                                         const struct wv_rename_request *request)
{
    char *name WV_AUTOFREE = wv_requested_name(old, request);
    for (size_t i = 0; i < wv_catalog_count(renaming->wanted); i++) {
        const struct wv_object *object = wv_catalog_at(renaming->wanted, i);
        if (object->kind == old->kind && wv_is_renamable(object) && wv_is_named(object, name))
            return object;
    }
    return NULL;
}

const struct wv_object *wv_rename_holder(const struct wv_catalog *now, const struct wv_object *old,
                                         const struct wv_rename_request *request)
{
    char *name WV_AUTOFREE = wv_requested_name(old, request);
    for (size_t i = 0; i < wv_catalog_count(now); i++) {
        const struct wv_object *object = wv_catalog_at(now, i);
        unsigned shared = object->kind->traits & old->kind->traits & WV_KIND_SHARES_NAMES;
        if ((object->kind == old->kind || shared != 0) && wv_is_renamable(object) &&
            wv_is_named(object, name))
            return object;
    }
    return NULL;
}

struct wv_rename_request *wv_rename_request_for(struct wv_renaming *renaming,
                                                const struct wv_object *object)
{
    for (size_t i = 0; i < renaming->count; i++) {
        struct wv_rename_request *request = &renaming->requests[i];
        if (!request->is_begun && wv_is_named(object, request->old) &&
            wv_rename_target(renaming, object, request) != NULL)
            return request;
    }
    return NULL;
}

/* How much it is what the models have: all of it but its name, and its place, where nothing else
 * tells. */
static int likeness(const struct wv_object *object, const struct wv_object *wanted)
{
    if (object->kind != wanted->kind)
        return 0;
    char *content WV_AUTOFREE = wv_content_of(object);
    char *other WV_AUTOFREE = wv_content_of(wanted);
    return 2 * (strcmp(content, other) == 0) +
           (wv_object_position(object) == wv_object_position(wanted));
}

/* Names that go round. What the models say of them may stay when it is done, and asks for nothing
 * then: the things themselves tell. */
struct circle {
    bool is_asked; /* by an option */
    int gain;      /* in likeness, of what comes to each name over what has it now */
};

static void go_on(struct circle *circle, const struct wv_renaming *renaming,
                  const struct wv_object *object, const struct wv_rename_request *request,
                  const struct wv_object *holder)
{
    const struct wv_object *target = wv_rename_target(renaming, object, request);
    circle->is_asked = circle->is_asked || !request->is_hint;
    circle->gain += likeness(object, target) - likeness(holder, target);
}

static enum wv_rename_room room_of(const struct circle *circle)
{
    if (circle->is_asked || circle->gain > 0)
        return WV_ROOM_MADE;
    return circle->gain < 0 ? WV_ROOM_TAKEN : WV_ROOM_UNKNOWN;
}

enum wv_rename_room wv_rename_room(struct wv_renaming *renaming, const struct wv_catalog *now,
                                   const struct wv_object *old,
                                   const struct wv_rename_request *request)
{
    struct circle circle = {0};
    const struct wv_object *object = old;
    const struct wv_object *holder = wv_rename_holder(now, old, request);
    if (holder == NULL)
        return WV_ROOM_FREE;
    if (holder == old)
        return WV_ROOM_TAKEN;
    for (size_t i = 0; holder != NULL && i <= renaming->count; i++) {
        go_on(&circle, renaming, object, request, holder);
        if (holder == old)
            return room_of(&circle);
        object = holder;
        request = wv_rename_request_for(renaming, object);
        if (request == NULL)
            return WV_ROOM_TAKEN;
        holder = wv_rename_holder(now, object, request);
    }
    return holder == NULL ? WV_ROOM_MADE : WV_ROOM_TAKEN;
}
