/* The checksum of a revision: SHA-256 over the tokens of both sections and their options, so that
 * comments, blanks and line ends never change it and any other edit does. The only place that knows
 * libcrypto. A wv_checksum belongs to one thread at a time. */
#ifndef WV_CHECKSUM_H
#define WV_CHECKSUM_H

#include <stdbool.h>

#include "lexer.h"
#include "xalloc.h"

enum { WV_CHECKSUM_SIZE = 32, WV_CHECKSUM_HEX = 2 * WV_CHECKSUM_SIZE + 1 };

struct wv_checksum;

/* Never NULL: aborts when libcrypto has no SHA-256. One serves any number of files. */
struct wv_checksum *wv_checksum_new(void);
void wv_checksum_free(struct wv_checksum *checksum);

/* begin, then for each section its canonical opening line and its tokens, then end. */
void wv_checksum_begin(struct wv_checksum *checksum);
void wv_checksum_section(struct wv_checksum *checksum, const char *opening);
/* Comments are ignored. */
void wv_checksum_token(struct wv_checksum *checksum, const struct wv_token *token);
void wv_checksum_end(struct wv_checksum *checksum, unsigned char sum[WV_CHECKSUM_SIZE]);

/* Lower case hex with its NUL; and back, false when `hex` is not 64 hex digits. */
void wv_checksum_hex(const unsigned char sum[WV_CHECKSUM_SIZE], char hex[WV_CHECKSUM_HEX]);
bool wv_checksum_from_hex(const char *hex, unsigned char sum[WV_CHECKSUM_SIZE]) WV_MUST_CHECK;

#endif
