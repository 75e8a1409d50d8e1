/* Lists of "key value" and clauses "WORD = value", as the statements of many kinds have them. See
 * writing.h. */
#include <string.h>

#include "list.h"
#include "writing.h"

static void add(struct wv_strbuf *out, const char *word, const char *text, size_t length)
{
    wv_strbuf_addf(out, "%s%s%.*s", out->length > 0 ? ", " : "", word, (int)length, text);
}

void wv_write_list_change(struct wv_strbuf *out, const struct wv_change *change,
                          const char *attribute, const char *added, const char *changed,
                          const char *removed)
{
    const char *old = wv_object_text(change->old, attribute);
    const char *new = wv_object_text(change->new, attribute);
    for (const char *at = old; *at != '\0'; at = wv_list_next(at))
        if (wv_list_find(new, at, wv_list_key(at)) == NULL)
            add(out, removed, at, wv_list_key(at));
    for (const char *at = new; *at != '\0'; at = wv_list_next(at)) {
        const char *before = wv_list_find(old, at, wv_list_key(at));
        size_t length = wv_list_item(at);
        if (before == NULL)
            add(out, added, at, length);
        else if (wv_list_item(before) != length || strncmp(before, at, length) != 0)
            add(out, changed, at, length);
    }
}

void wv_write_foreign_options(struct wv_strbuf *out, const struct wv_object *object)
{
    const char *options = wv_object_get(object, "options");
    if (options != NULL)
        wv_strbuf_addf(out, " OPTIONS (%s)", options);
}

void wv_change_foreign_options(struct wv_strbuf *out, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_write_list_change(&text, change, "options", "ADD ", "SET ", "DROP ");
    if (text.length > 0)
        wv_strbuf_addf(out, " OPTIONS (%s)", wv_strbuf_text(&text));
}

void wv_write_clauses(struct wv_strbuf *out, const struct wv_object *object,
                      const struct wv_clause *clauses)
{
    for (; clauses->attribute != NULL; clauses++) {
        const char *value = wv_object_get(object, clauses->attribute);
        bool is_first = out->length > 0 && out->data[out->length - 1] == '(';
        if (value != NULL)
            wv_strbuf_addf(out, "%s%s = %s", is_first ? "" : ", ", clauses->word, value);
    }
}
