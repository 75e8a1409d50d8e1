/* Texts that a client hands over with a request, as descriptors: SQL that it may read itself, and
 * longer than a line may be. Each is a sealed memory file (memfd_create(2), F_SEAL_WRITE): a value,
 * which nobody changes or cuts any more, and which never blocks who reads it. Any thread, one at a
 * time. */
#ifndef WV_PASSED_TEXTS_H
#define WV_PASSED_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "text_limits.h"

/* Owns its descriptors; start from all zero. */
struct wv_passed_texts {
    int fds[WV_PASSED_TEXTS]; /* -1: none in this place */
    size_t count;
};

/* Takes the descriptor over; there has to be room. */
void wv_passed_texts_add(struct wv_passed_texts *texts, int fd);
/* What is in that place, borrowed; -1: nothing. */
int wv_passed_texts_at(const struct wv_passed_texts *texts, size_t place);
void wv_passed_texts_clear(struct wv_passed_texts *texts);

/* WV_INVALID_PARAMS when it is no such file, WV_LIMIT_EXCEEDED when it is too long. */
bool wv_passed_text_check(int fd, struct wv_err *err) WV_MUST_CHECK;
/* The whole of one that was checked, with a zero byte behind it; the caller's. WV_IO_ERROR. */
bool wv_passed_text_read(int fd, char **text, size_t *length, struct wv_err *err) WV_MUST_CHECK;

#endif
