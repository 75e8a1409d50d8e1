/* "Did you mean": the nearest of several words. Pure. */
#ifndef WV_SUGGEST_H
#define WV_SUGGEST_H

#include <stddef.h>

/* Takes `candidate` as `*best` when it is nearer to the `length` bytes of `word` than what is there
 * and near enough to be meant. Start with *best NULL and *distance SIZE_MAX. */
void wv_suggest(const char *word, size_t length, const char *candidate, const char **best,
                size_t *distance);

#endif
