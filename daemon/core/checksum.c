/* See checksum.h. Each token is hashed with its end mark, a byte that no token can hold (NUL is
 * refused in files), so that no two token streams give the same bytes. */
#include "checksum.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

enum { BUFFER = 4096 };

static const char TOKEN_END = '\0';
static const char SECTION_START = '\1'; /* follows a NUL, where only a token's first byte can be */

struct wv_checksum {
    EVP_MD *sha256; /* fetched once: a fetch costs more than the hash of a small file */
    EVP_MD_CTX *context;
    size_t used;
    char buffer[BUFFER];
};

struct wv_checksum *wv_checksum_new(void)
{
    struct wv_checksum *checksum = wv_xcalloc(1, sizeof(*checksum));
    checksum->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    checksum->context = EVP_MD_CTX_new();
    if (checksum->sha256 == NULL || checksum->context == NULL)
        abort();
    return checksum;
}

void wv_checksum_free(struct wv_checksum *checksum)
{
    if (checksum == NULL)
        return;
    EVP_MD_CTX_free(checksum->context);
    EVP_MD_free(checksum->sha256);
    free(checksum);
}

static void flush(struct wv_checksum *checksum, const void *bytes, size_t length)
{
    if (EVP_DigestUpdate(checksum->context, bytes, length) != 1)
        abort();
}

static void add(struct wv_checksum *checksum, const char *bytes, size_t length, char end)
{
    if (length + 1 > BUFFER - checksum->used) {
        flush(checksum, checksum->buffer, checksum->used);
        checksum->used = 0;
    }
    if (length + 1 > BUFFER) {
        flush(checksum, bytes, length);
    } else {
        memcpy(checksum->buffer + checksum->used, bytes, length);
        checksum->used += length;
    }
    checksum->buffer[checksum->used++] = end;
}

void wv_checksum_begin(struct wv_checksum *checksum)
{
    checksum->used = 0;
    if (EVP_DigestInit_ex2(checksum->context, checksum->sha256, NULL) != 1)
        abort();
}

void wv_checksum_section(struct wv_checksum *checksum, const char *opening)
{
    add(checksum, "", 0, SECTION_START);
    add(checksum, opening, strlen(opening), TOKEN_END);
}

void wv_checksum_token(struct wv_checksum *checksum, const struct wv_token *token)
{
    if (token->kind != WV_TOKEN_LINE_COMMENT && token->kind != WV_TOKEN_BLOCK_COMMENT)
        add(checksum, token->text, token->length, TOKEN_END);
}

void wv_checksum_end(struct wv_checksum *checksum, unsigned char sum[WV_CHECKSUM_SIZE])
{
    flush(checksum, checksum->buffer, checksum->used);
    if (EVP_DigestFinal_ex(checksum->context, sum, NULL) != 1)
        abort();
}

void wv_checksum_hex(const unsigned char sum[WV_CHECKSUM_SIZE], char hex[WV_CHECKSUM_HEX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < WV_CHECKSUM_SIZE; i++) {
        hex[2 * i] = digits[sum[i] >> 4];
        hex[2 * i + 1] = digits[sum[i] & 0xFU];
    }
    hex[WV_CHECKSUM_HEX - 1] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool wv_checksum_from_hex(const char *hex, unsigned char sum[WV_CHECKSUM_SIZE])
{
    if (strlen(hex) != WV_CHECKSUM_HEX - 1)
        return false;
    unsigned char bytes[WV_CHECKSUM_SIZE];
    for (size_t i = 0; i < WV_CHECKSUM_SIZE; i++) {
        int high = hex_value(hex[2 * i]);
        int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
        if (low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    memcpy(sum, bytes, sizeof(bytes));
    return true;
}
