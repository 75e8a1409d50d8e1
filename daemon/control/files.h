/* The project's files, always fresh: the snapshot is read again when inotify(7) told of a change,
 * so that a request costs no look at ten thousand files. Where the kernel cannot tell (network file
 * systems, links to elsewhere, no inotify left), each request looks at all of them. Loop thread;
 * may block on the disk. */
#ifndef WV_FILES_H
#define WV_FILES_H

#include "project.h"

struct wv_files;

/* Watches and reads. */
struct wv_files *wv_files_new(const struct wv_strlist *dirs);
void wv_files_free(struct wv_files *files);
/* From the next wv_files_fresh() on. */
void wv_files_set_dirs(struct wv_files *files, const struct wv_strlist *dirs);

/* The files as they are now, borrowed until the next call; take a reference to keep it. */
struct wv_project *wv_files_fresh(struct wv_files *files);
/* False: the kernel tells nothing here, each call of wv_files_fresh looks at all files. */
bool wv_files_watched(const struct wv_files *files);
/* How often the files were read (or looked at), for tests and the log. */
size_t wv_files_loads(const struct wv_files *files);

#endif
