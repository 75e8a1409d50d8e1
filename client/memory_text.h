/* A text as a sealed memory file, memfd_create(2): what goes with a request as a descriptor. Main
 * thread; the descriptors are the caller's to close. */
#ifndef WV_MEMORY_TEXT_H
#define WV_MEMORY_TEXT_H

#include "err.h"

/* A memory file to write to; -1: WV_IO_ERROR. */
int wv_memory_text_new(struct wv_err *err);
/* From a descriptor that does not block to its end, or for as long as there is something: `*more`
 * tells whether the end is yet to come. WV_IO_ERROR, WV_LIMIT_EXCEEDED: `name` is longer than the
 * daemon takes. */
bool wv_memory_text_copy(int text, int from, const char *name, bool *more,
                         struct wv_err *err) WV_MUST_CHECK;
/* Nobody can change it any more. WV_IO_ERROR. */
bool wv_memory_text_seal(int text, struct wv_err *err) WV_MUST_CHECK;

#endif
