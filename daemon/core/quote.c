/* See quote.h. */
#include "quote.h"

#include <string.h>

#include "strbuf.h"

static char *quoted(const char *text, char quote, const char *prefix)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&out, prefix);
    wv_strbuf_addc(&out, quote);
    for (; *text != '\0'; text++) {
        if (*text == quote || (*text == '\\' && prefix[0] != '\0'))
            wv_strbuf_addc(&out, *text);
        wv_strbuf_addc(&out, *text);
    }
    wv_strbuf_addc(&out, quote);
    return wv_strbuf_take(&out);
}

char *wv_quote_ident(const char *name)
{
    return quoted(name, '"', "");
}

char *wv_quote_name(const char *schema, const char *name)
{
    char *second WV_AUTOFREE = wv_quote_ident(name);
    if (schema[0] == '\0')
        return WV_STEAL(second);
    char *first WV_AUTOFREE = wv_quote_ident(schema);
    return wv_xasprintf("%s.%s", first, second);
}

char *wv_quote_literal(const char *text)
{
    return quoted(text, '\'', strchr(text, '\\') != NULL ? "E" : "");
}

char *wv_quote_array(const struct wv_strlist *list)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&out, "ARRAY[");
    for (size_t i = 0; i < list->count; i++) {
        char *item WV_AUTOFREE = wv_quote_literal(list->items[i]);
        wv_strbuf_addf(&out, "%s%s", i > 0 ? ", " : "", item);
    }
    wv_strbuf_adds(&out, "]::text[]");
    return wv_strbuf_take(&out);
}
