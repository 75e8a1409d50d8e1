/* Texts that go with a request as descriptors: dumps, and what models_command prints. They are read
 * here, as the caller's own user, into sealed memory files, which the daemon takes. Main thread. */
#ifndef WV_TEXTS_H
#define WV_TEXTS_H

#include "run.h"

/* Gets the texts that these sides need, and gives them to the call's next job: paths are read; for
 * "models" the daemon is asked whether a command prints them, which is then run. Each path becomes
 * an absolute one. WV_IO_ERROR, WV_LIMIT_EXCEEDED, and errors of wv_models_command(). */
bool wv_texts_get(struct wv_call *call, struct wv_strlist *sides, struct wv_err *err) WV_MUST_CHECK;

#endif
