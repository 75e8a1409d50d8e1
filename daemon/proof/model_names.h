/* What statements of models have to do with one another, told by names: the last part of what a
 * CREATE makes, and of what the server says is missing. Names point into what they were read from.
 * Pure. Any thread. */
#ifndef WV_MODEL_NAMES_H
#define WV_MODEL_NAMES_H

#include "err.h"
#include "splitter.h"

struct wv_model_name {
    const char *text; /* NULL: none */
    size_t length;
};

/* What a CREATE makes. */
struct wv_model_name wv_model_makes(const struct wv_statement *statement);
/* What a message of the server has in quotes, or which function it names: `relation "s.a" does not
 * exist`, `function f(integer) does not exist`. */
struct wv_model_name wv_model_wants(const char *message);
/* Whatever the case of their letters. */
bool wv_model_name_same(struct wv_model_name left, struct wv_model_name right);
/* Does it say that something is not there? */
bool wv_model_misses(const struct wv_err *err);

#endif
