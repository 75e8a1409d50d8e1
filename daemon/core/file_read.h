/* A whole small file at once. Blocks on the disk; any thread. */
#ifndef WV_FILE_READ_H
#define WV_FILE_READ_H

#include <sys/stat.h>

#include "revision_file.h"

enum { WV_REVISION_SIZE_MAX = 64 * 1024 * 1024 };

/* One buffer for any number of files; start from all zero. */
struct wv_file_buffer {
    char *data;
    size_t capacity;
};

/* Reads the regular file `name`, relative to the directory `dir` (AT_FDCWD: the working directory).
 * Returns 0 or an errno: EFBIG above the limit, EINVAL for what is no regular file. */
int wv_file_read(int dir, const char *name, struct wv_file_buffer *buffer, size_t *length,
                 struct wv_file_stamp *stamp) WV_MUST_CHECK;
void wv_file_buffer_free(struct wv_file_buffer *buffer);

struct wv_file_stamp wv_file_stamp_of(const struct stat *status);
/* All zero when it cannot be looked at. */
struct wv_file_stamp wv_file_stamp_at(const char *path);
bool wv_file_stamp_equal(const struct wv_file_stamp *left, const struct wv_file_stamp *right);

#endif
