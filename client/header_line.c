/* See header_line.h. Pure. */
#include "header_line.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The beginning of line `number`; NULL when there are not so many. */
static const char *find_line(const char *text, const char *end, int number)
{
    for (; number > 1 && text != NULL; number--) {
        text = memchr(text, '\n', (size_t)(end - text));
        text = text != NULL ? text + 1 : NULL;
    }
    return number == 1 ? text : NULL;
}

/* Moves past `word`; false when something else is there. */
static bool skip(const char **at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static void skip_blanks(const char **at, const char *end)
{
    while (*at < end && is_blank(**at))
        (*at)++;
}

/* Where the value of "-- key: value" begins; NULL when the line is another. */
static const char *find_value(const char *at, const char *end, const char *key)
{
    (void)skip(&at, end, "\xEF\xBB\xBF");
    skip_blanks(&at, end);
    if (!skip(&at, end, "--"))
        return NULL;
    skip_blanks(&at, end);
    if (!skip(&at, end, key) || !skip(&at, end, ":"))
        return NULL;
    skip_blanks(&at, end);
    return at;
}

bool wv_header_line_set(struct wv_strbuf *out, const char *text, size_t length, int line,
                        const char *key, const char *was, const char *value)
{
    const char *end = text + length;
    const char *begin = find_line(text, end, line);
    if (begin == NULL)
        return false;
    const char *stop = memchr(begin, '\n', (size_t)(end - begin));
    stop = stop != NULL ? stop : end;
    const char *at = find_value(begin, stop, key);
    const char *last = at;
    if (at == NULL || !skip(&last, stop, was))
        return false;
    const char *rest = last;
    skip_blanks(&rest, stop);
    if (rest != stop)
        return false;
    /* An empty value leaves no blank behind. */
    while (*value == '\0' && at > begin && at[-1] != ':')
        at--;
    wv_strbuf_add(out, text, (size_t)(at - text));
    wv_strbuf_adds(out, value);
    wv_strbuf_add(out, last, (size_t)(end - last));
    return true;
}
