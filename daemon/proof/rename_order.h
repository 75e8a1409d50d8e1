/* Renames that are asked for, all of them: which names are free for one of them, because nothing
 * has them or what has them is renamed as well. Names may go round in a circle. Internal to the
 * folder; proof thread. */
#ifndef WV_RENAME_ORDER_H
#define WV_RENAME_ORDER_H

#include "renames.h"

struct wv_rename_request {
    char *old;
    const char *new; /* borrowed */
    bool is_hint;
    bool is_begun;
    /* What it is about, where that had to make room for others: the names that it has meanwhile,
     * and those that it had. */
    struct wv_strlist aside;
    struct wv_strlist was;
};

struct wv_renaming {
    struct wv_renames *renames;
    struct wv_room *room;
    const struct wv_catalog *wanted;
    struct wv_catalog *now; /* NULL: not read yet */
    bool is_renamed;        /* since it was read */
    struct wv_rename_request *requests;
    size_t count;
    size_t capacity;
    struct wv_strlist done; /* what has its new name, by that */
    struct wv_strlist
        along; /* what got one because it can only be renamed with another, by its own */
};

void wv_renaming_clear(struct wv_renaming *renaming);
#define WV_AUTORENAMING __attribute__((cleanup(wv_renaming_clear)))

/* `last` in the place of the name's last part; arguments stay. The caller's own. */
char *wv_renamed_name(const struct wv_object *old, const char *last);
/* The name that the request gives it. The caller's own. */
char *wv_requested_name(const struct wv_object *old, const struct wv_rename_request *request);

/* What the models have under that name; NULL: nothing of this kind. */
const struct wv_object *wv_rename_target(const struct wv_renaming *renaming,
                                         const struct wv_object *old,
                                         const struct wv_rename_request *request);
/* What has the name that the old one is to have; NULL: nothing. */
const struct wv_object *wv_rename_holder(const struct wv_catalog *now, const struct wv_object *old,
                                         const struct wv_rename_request *request);
/* The request that is still to come and gives the object another name; NULL: none. */
struct wv_rename_request *wv_rename_request_for(struct wv_renaming *renaming,
                                                const struct wv_object *object);

enum wv_rename_room {
    WV_ROOM_FREE,
    WV_ROOM_MADE,    /* who has the name is to be renamed itself */
    WV_ROOM_TAKEN,   /* or, by what the models say, was so already; or it is its own name */
    WV_ROOM_UNKNOWN, /* nothing tells whether it was */
};

/* Is there room for it under its new name? */
enum wv_rename_room wv_rename_room(struct wv_renaming *renaming, const struct wv_catalog *now,
                                   const struct wv_object *old,
                                   const struct wv_rename_request *request);

#endif
