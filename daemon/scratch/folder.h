/* Folders that belong to one living process: the owner holds a lock (flock) on a file in each,
 * which the kernel takes back when the process dies in whatever way. What nobody holds is a
 * leftover. Any thread. */
#ifndef WV_FOLDER_H
#define WV_FOLDER_H

#include "child.h"

struct wv_folder {
    char *path;  /* ours alone: 0700, or root's with `inner` for the server's user */
    char *inner; /* path/pg: owned by whoever runs the server, 0700 */
    int lock_fd; /* -1: not held */
};

#define WV_FOLDER_NONE                                                                             \
    {                                                                                              \
        NULL, NULL, -1                                                                             \
    }

/* Makes `base` and what is missing above it. As root others may pass through it (`as` is not NULL)
 * but list nothing. WV_SERVER_FAILED, also when others could exchange what lies in it, or `as`
 * could not pass what is above it. */
bool wv_folder_base(const char *base, const struct wv_run_as *as, struct wv_err *err) WV_MUST_CHECK;

/* A new one with a name of its own in `base`, locked. */
bool wv_folder_new(struct wv_folder *out, const char *base, const struct wv_run_as *as,
                   const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* The one called `name`, made when it is missing, locked. WV_SERVER_FAILED when another process
 * goes on holding it: its pid is in the message. */
bool wv_folder_named(struct wv_folder *out, const char *base, const char *name,
                     const struct wv_run_as *as, const struct wv_pg_wait *wait,
                     struct wv_err *err) WV_MUST_CHECK;
/* Removes what wv_folder_new() of processes that are dead has left. `end_server` is called before,
 * with the inner folder. Failures are left for the next time. */
void wv_folder_collect(const char *base, void (*end_server)(const char *inner),
                       const struct wv_pg_wait *wait);

/* Lets go, and leaves it where it is. */
void wv_folder_release(struct wv_folder *folder);
/* Removes it with all its content. */
void wv_folder_remove(struct wv_folder *folder);

#endif
