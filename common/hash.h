/* A short number for a text, for names of files: FNV-1a, 64 bits. No secret depends on it. Any
 * thread. */
#ifndef WV_HASH_H
#define WV_HASH_H

#include <stdint.h>

uint64_t wv_hash(const char *text);

#endif
