/* See side_word.h. */
#include "side_word.h"

#include <string.h>

enum wv_side_kind wv_side_kind(const char *word)
{
    if (strcmp(word, "models") == 0)
        return WV_SIDE_MODELS;
    if (strcmp(word, "live") == 0)
        return WV_SIDE_LIVE;
    if (strcmp(word, "base") == 0)
        return WV_SIDE_BASE;
    if (word[0] == '/')
        return WV_SIDE_FILE;
    if (strchr(word, '=') != NULL || strstr(word, "://") != NULL)
        return WV_SIDE_DATABASE;
    return WV_SIDE_TARGET;
}

bool wv_side_is_text(const char *word, bool models_printed)
{
    enum wv_side_kind kind = wv_side_kind(word);
    return kind == WV_SIDE_FILE || (kind == WV_SIDE_MODELS && models_printed);
}

bool wv_side_is_foreign(const char *word, bool models_printed)
{
    return wv_side_is_text(word, models_printed) || wv_side_kind(word) == WV_SIDE_DATABASE;
}
