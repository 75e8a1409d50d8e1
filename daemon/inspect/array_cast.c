/* See array_cast.h. */
#include "array_cast.h"

#include <string.h>

#include "lexer.h"
#include "strbuf.h"

static const char begin[] = "(ARRAY[";

static bool is_sign(const struct wv_token *token, char sign)
{
    return token->length == 1 && token->text[0] == sign;
}

static bool is_literal(const struct wv_token *token)
{
    return token->kind == WV_TOKEN_STRING || (token->kind == WV_TOKEN_WORD && token->length == 4 &&
                                              strncmp(token->text, "NULL", 4) == 0);
}

/* Behind "(ARRAY[": the type that is printed with the first element, a literal. 0: there is none.
 */
static size_t read_type(const char *text, const char **type)
{
    struct wv_lexer lexer;
    struct wv_token token;
    wv_lexer_init(&lexer, text, strlen(text));
    if (!wv_lexer_next(&lexer, &token) || !is_literal(&token))
        return 0;
    const char *at = token.text + token.length;
    if (strncmp(at, "::", 2) != 0)
        return 0;
    *type = at + 2;
    wv_lexer_jump(&lexer, (size_t)(*type - text));
    while (wv_lexer_next(&lexer, &token)) {
        if (is_sign(&token, ',') || is_sign(&token, ']'))
            return (size_t)(token.text - *type);
        if (token.kind != WV_TOKEN_WORD && token.kind != WV_TOKEN_QUOTED_WORD &&
            !is_sign(&token, '.'))
            return 0;
    }
    return 0;
}

/* Where the bracket that is open at the beginning is closed; NULL: nowhere. */
static const char *find_end(const char *text)
{
    struct wv_lexer lexer;
    struct wv_token token;
    int depth = 1;
    wv_lexer_init(&lexer, text, strlen(text));
    while (wv_lexer_next(&lexer, &token)) {
        depth += is_sign(&token, '[') - is_sign(&token, ']');
        if (depth == 0)
            return token.text;
    }
    return NULL;
}

/* Adds all up to the end of the array that begins here, with its type; where the text goes on. */
static const char *keep(struct wv_strbuf *out, const char *from, const char *array)
{
    const char *type;
    const char *inside = array + strlen(begin);
    size_t length = read_type(inside, &type);
    const char *end = length == 0 ? NULL : find_end(inside);
    if (end == NULL || strncmp(end, "])::", 4) != 0)
        return from;
    wv_strbuf_add(out, from, (size_t)(end + 1 - from));
    wv_strbuf_adds(out, "::");
    wv_strbuf_add(out, type, length);
    wv_strbuf_adds(out, "[]");
    return end + 1;
}

char *wv_array_casts_kept(const char *text)
{
    struct wv_lexer lexer;
    struct wv_token token;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *from = text;
    if (strstr(text, begin) == NULL)
        return NULL;
    wv_lexer_init(&lexer, text, strlen(text));
    while (wv_lexer_next(&lexer, &token)) {
        if (token.kind == WV_TOKEN_OPEN && strncmp(token.text, begin, strlen(begin)) == 0)
            from = keep(&out, from, token.text);
    }
    if (from == text)
        return NULL;
    wv_strbuf_adds(&out, from);
    return wv_strbuf_take(&out);
}
