/* Texts that may be absent. Safe from any thread. */
#ifndef WV_SAME_H
#define WV_SAME_H

#include <stdbool.h>
#include <string.h>

/* Both the same text, or both NULL. */
static inline bool wv_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

#endif
