/* See free_name.h. */
#include "free_name.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "quote.h"
#include "xalloc.h"

enum { LONGEST_NAME = 63 }; /* NAMEDATALEN - 1: PostgreSQL manual, 4.1.1 */

/* The length of the longest start of `name` that has at most `most` bytes and ends between two
 * characters. */
static size_t whole_characters(const char *name, size_t most)
{
    size_t length = strlen(name);
    if (length <= most)
        return length;
    length = most;
    while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* Long names that differ at their ends only stay different. */
static char *shortened(const char *name, const char *suffix)
{
    if (strlen(name) + strlen(suffix) <= LONGEST_NAME)
        return wv_xasprintf("%s%s", name, suffix);
    char *mark WV_AUTOFREE = wv_xasprintf("_%08x%s", (unsigned)(uint32_t)wv_hash(name), suffix);
    size_t kept = whole_characters(name, LONGEST_NAME - strlen(mark));
    return wv_xasprintf("%.*s%s", (int)kept, name, mark);
}

/* Needs no quotes: no keyword ends as our suffixes do. */
static bool is_plain_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return name[length] == '\0' && (name[0] < '0' || name[0] > '9');
}

/* By anything at all: more than can collide, at the price of a digit. */
static bool is_taken(const struct wv_difference *difference, const char *schema, const char *name)
{
    return wv_catalog_has_name(difference->before, schema, name) ||
           wv_catalog_has_name(difference->after, schema, name);
}

char *wv_free_name(const struct wv_difference *difference, const char *schema, const char *name,
                   const char *suffix)
{
    char *tried WV_AUTOFREE = wv_xstrdup(suffix);
    for (unsigned number = 2;; number++) {
        char *full WV_AUTOFREE = shortened(name, tried);
        if (!is_taken(difference, schema, full))
            return is_plain_name(full) ? WV_STEAL(full) : wv_quote_ident(full);
        free(tried);
        tried = wv_xasprintf("%s%u", suffix, number);
    }
}
