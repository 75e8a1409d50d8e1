/* Writing new files as the caller: never over an existing one. */
#ifndef WV_NEWFILE_H
#define WV_NEWFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* Makes `path` (mode 0644, less the umask) with this content, wholly or not at all. WV_FILE_EXISTS
 * when anything, also a dangling link, is there; WV_IO_ERROR. */
bool wv_newfile_write(const char *path, const void *content, size_t length,
                      struct wv_err *err) WV_MUST_CHECK;
/* Makes the directories that lead to `path` where they are missing (0755, less the umask). */
bool wv_newfile_parents(const char *path, struct wv_err *err) WV_MUST_CHECK;
/* Makes one directory; `*made` tells whether it was missing. */
bool wv_newfile_directory(const char *path, bool *made, struct wv_err *err) WV_MUST_CHECK;

/* Waits for the lock of an open file (flock(2)): 0, EWOULDBLOCK when `deadline` has come first,
 * EINTR after a signal that is caught (interrupt.h), or why there is no lock to be had. */
int wv_newfile_lock(int fd, int64_t deadline);

/* True for an absolute path to a *.sql file without "." or ".." on the way: the daemon may run as
 * another user, so a path that it answers is not trusted with more. */
bool wv_newfile_plausible(const char *path);

/* Puts `content` in the place of the file at `path` (a symbolic link is followed) by renaming a new
 * one over it, so that nobody ever reads half of it; mode, and where allowed owner and group, stay.
 * WV_IO_ERROR, also when the caller may not write the file. */
bool wv_newfile_replace(const char *path, const void *content, size_t length,
                        struct wv_err *err) WV_MUST_CHECK;
/* The content of a file, the caller's own, with a NUL behind it. WV_IO_ERROR. */
bool wv_newfile_read(const char *path, char **content, size_t *length,
                     struct wv_err *err) WV_MUST_CHECK;

#endif
