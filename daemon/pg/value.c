/* Values in and out: result accessors, quoting, arrays in PostgreSQL's text form (manual, 8.15.6).
 * Pure apart from libpq's result objects. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "query.h"
#include "strbuf.h"

size_t wv_pg_rows(const struct wv_pg_result *result)
{
    return (size_t)PQntuples(result->result);
}

int64_t wv_pg_affected(const struct wv_pg_result *result)
{
    return strtoll(PQcmdTuples(result->result), NULL, 10);
}

const char *wv_pg_column(const struct wv_pg_result *result, int column)
{
    return PQfname(result->result, column);
}

const char *wv_pg_value(const struct wv_pg_result *result, size_t row, int column)
{
    if (PQgetisnull(result->result, (int)row, column))
        return NULL;
    return PQgetvalue(result->result, (int)row, column);
}

const char *wv_pg_text(const struct wv_pg_result *result, size_t row, int column)
{
    const char *value = wv_pg_value(result, row, column);
    return value != NULL ? value : "";
}

int64_t wv_pg_int(const struct wv_pg_result *result, size_t row, int column)
{
    return strtoll(wv_pg_text(result, row, column), NULL, 10);
}

bool wv_pg_bool(const struct wv_pg_result *result, size_t row, int column)
{
    return wv_pg_text(result, row, column)[0] == 't';
}

void wv_pg_result_free(struct wv_pg_result *result)
{
    if (result == NULL)
        return;
    PQclear(result->result);
    free(result);
}

void wv_pg_result_cleanup(struct wv_pg_result **result)
{
    wv_pg_result_free(*result);
}

char *wv_pg_array(const struct wv_strlist *list)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addc(&out, '{');
    for (size_t i = 0; i < list->count; i++) {
        wv_strbuf_adds(&out, i > 0 ? ",\"" : "\"");
        for (const char *c = list->items[i]; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                wv_strbuf_addc(&out, '\\');
            wv_strbuf_addc(&out, *c);
        }
        wv_strbuf_addc(&out, '"');
    }
    wv_strbuf_addc(&out, '}');
    return wv_strbuf_take(&out);
}

/* One element from `text` on; returns where it ends. */
static const char *parse_element(const char *text, struct wv_strbuf *out, bool *quotes)
{
    *quotes = *text == '"';
    const char *c = *quotes ? text + 1 : text;
    while (*c != '\0' && (*quotes ? *c != '"' : *c != ',' && *c != '}')) {
        if (*c == '\\' && c[1] != '\0')
            c++;
        wv_strbuf_addc(out, *c++);
    }
    return *quotes && *c == '"' ? c + 1 : c;
}

void wv_pg_array_parse(const char *text, struct wv_strlist *list)
{
    if (*text != '{')
        return;
    text++;
    while (*text != '\0' && *text != '}') {
        struct wv_strbuf element WV_AUTOSTRBUF = WV_STRBUF_INIT;
        bool quotes = false;
        text = parse_element(text, &element, &quotes);
        if (quotes || strcmp(wv_strbuf_text(&element), "NULL") != 0)
            wv_strlist_add_owned(list, wv_strbuf_take(&element));
        if (*text == ',')
            text++;
    }
}
