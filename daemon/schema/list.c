/* See list.h. */
#include "list.h"

#include <string.h>

size_t wv_list_item(const char *list)
{
    size_t length = 0;
    size_t depth = 0;
    char quote = '\0';
    for (; list[length] != '\0'; length++) {
        char c = list[length];
        if (quote == '\0' && depth == 0 && c == ',')
            break;
        if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = '\0'; /* a doubled quote opens again at once */
        else if (quote == '\0' && c == '(')
            depth++;
        else if (quote == '\0' && c == ')' && depth > 0)
            depth--;
    }
    return length;
}

const char *wv_list_next(const char *list)
{
    list += wv_list_item(list);
    return list + strspn(list, ", ");
}

bool wv_list_has(const char *list, const char *item)
{
    size_t length = strlen(item);
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at = wv_list_next(at))
        if (wv_list_item(at) == length && strncmp(at, item, length) == 0)
            return true;
    return false;
}

size_t wv_list_key(const char *item)
{
    size_t length = 0;
    bool is_quoted = false;
    for (; item[length] != '\0' && (is_quoted || item[length] != ' '); length++)
        is_quoted = is_quoted != (item[length] == '"');
    return length;
}

const char *wv_list_find(const char *list, const char *key, size_t length)
{
    for (const char *at = list; *at != '\0'; at = wv_list_next(at))
        if (wv_list_key(at) == length && strncmp(at, key, length) == 0)
            return at;
    return NULL;
}

const char *wv_last_part(const char *name)
{
    const char *last = name;
    bool is_quoted = false;
    for (const char *at = name; *at != '\0'; at++) {
        is_quoted = is_quoted != (*at == '"');
        if (*at == '.' && !is_quoted)
            last = at + 1;
    }
    return last;
}
