/* See row_values.h. */
#include "row_values.h"

#include <stdlib.h>
#include <string.h>

#include "lexer.h"
#include "strbuf.h"

/* Of a type by its name, else of a category: '\0' closes a list. */
struct values {
    const char *type; /* NULL: any of the category */
    char category;
    const char *texts[8];
};

static const struct values known[] = {
    {"uuid", 0, {"00000000-0000-0000-0000-000000000001"}},
    {"json", 0, {"{}", "[]", "\"a\"", "1"}},
    {"jsonb", 0, {"{}", "[]", "\"a\"", "1"}},
    {"bytea", 0, {"a", "", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz012345"}},
    {"xml", 0, {"<a/>"}},
    {"macaddr", 0, {"08:00:2b:01:02:03"}},
    {"macaddr8", 0, {"08:00:2b:01:02:03:04:05"}},
    {"cidr", 0, {"10.0.0.0/8"}},
    {"pg_lsn", 0, {"0/1"}},
    {"pg_snapshot", 0, {"1:1:"}},
    {"txid_snapshot", 0, {"1:1:"}},
    {"tid", 0, {"(0,1)"}},
    {"point", 0, {"(0,0)"}},
    {"line", 0, {"{1,1,0}"}},
    {"lseg", 0, {"[(0,0),(1,1)]"}},
    {"path", 0, {"[(0,0),(1,1)]", "((0,0),(1,1))"}},
    {"box", 0, {"(1,1),(0,0)"}},
    {"polygon", 0, {"((0,0),(1,1))"}},
    {"circle", 0, {"<(0,0),1>"}},
    {"time", 0, {"12:00"}},
    {"timetz", 0, {"12:00+00"}},
    {"char", 0, {"a", "A"}},
    {"hstore", 0, {""}},
    {"ltree", 0, {"a"}},
    {"cube", 0, {"0"}},
    {"geometry", 0, {"POINT(0 0)"}},
    {"geography", 0, {"POINT(0 0)"}},
    {"vector", 0, {"[1]", "[1,1,1]"}},
    {NULL, 'N', {"1", "0", "2", "10", "100", "-1", "3"}},
    {NULL, 'S', {"a", "abcdefghij", "A", "1", "a@example.org", "", "en"}},
    {NULL, 'B', {"true", "false"}},
    {NULL, 'D', {"2000-01-01", "2100-01-01"}},
    {NULL, 'T', {"1 day", "0"}},
    {NULL, 'I', {"127.0.0.1", "::1"}},
    {NULL, 'A', {"{}", "{1}", "{a}"}},
    {NULL, 'V', {"1", "0"}},
    {NULL, 0, {"1", "a", "{}", "(0,0)", ""}},
};

/* Values that are told from each other by a number, which is written between these. All are such as
 * the type takes where it takes the first of the known ones. */
static const struct numbered {
    const char *type; /* NULL: any of the category */
    char category;
    const char *before;
    const char *after;
    int digits;
    int most;
} numbered[] = {
    {"uuid", 0, "00000000-0000-0000-0000-0000000000", "", 2, 99},
    {"json", 0, "{\"a\": ", "}", 1, 99},
    {"jsonb", 0, "{\"a\": ", "}", 1, 99},
    {"cidr", 0, "10.0.0.", "/32", 1, 99},
    {"time", 0, "12:", "", 2, 59},
    {"timetz", 0, "12:", "+00", 2, 59},
    {NULL, 'N', "", "", 1, 9},
    {NULL, 'D', "2000-01-", "", 2, 28},
    {NULL, 'T', "", " days", 1, 99},
    {NULL, 'I', "127.0.0.", "", 1, 99},
};

static void add_once(struct wv_strlist *values, char *text)
{
    if (wv_strlist_has(values, text))
        free(text);
    else
        wv_strlist_add_owned(values, text);
}

static void add_known(struct wv_strlist *values, const struct wv_row_column *column)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        bool is_type = known[i].type != NULL && strcmp(known[i].type, column->type) == 0;
        bool is_category = known[i].type == NULL &&
                           (known[i].category == column->category || known[i].category == 0);
        if (!is_type && !is_category)
            continue;
        for (size_t j = 0; j < sizeof(known[i].texts) / sizeof(known[i].texts[0]); j++)
            if (known[i].texts[j] != NULL)
                add_once(values, wv_xstrdup(known[i].texts[j]));
        return;
    }
}

static bool is_text(const struct wv_row_column *column)
{
    return column->category == 'S' || strcmp(column->type, "char") == 0 ||
           strcmp(column->type, "bytea") == 0;
}

/* Of such types alone of which there are as many values. */
static void add_numbered(struct wv_strlist *values, const struct wv_row_column *column)
{
    int number = column->number - 1;
    if (is_text(column)) {
        wv_strlist_add_owned(values, wv_xasprintf("%c", 'a' + number % 26));
        return;
    }
    for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++) {
        const struct numbered *known_as = &numbered[i];
        if (known_as->type == NULL ? known_as->category != column->category
                                   : strcmp(known_as->type, column->type) != 0)
            continue;
        wv_strlist_add_owned(values, wv_xasprintf("%s%0*d%s", known_as->before, known_as->digits,
                                                  1 + number % known_as->most, known_as->after));
        return;
    }
}

/* 'it''s' without its quotes; strings with a letter before them are left alone. */
static void add_string(struct wv_strlist *values, const struct wv_token *token)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (token->text[0] != '\'' || token->length < 2)
        return;
    for (size_t i = 1; i + 1 < token->length; i++) {
        wv_strbuf_addc(&text, token->text[i]);
        i += token->text[i] == '\'';
    }
    add_once(values, wv_strbuf_take(&text));
}

/* A bound of `>` or `<` is on one side of it. */
static void add_number(struct wv_strlist *values, const struct wv_token *token, bool is_negative)
{
    char *text WV_AUTOFREE = wv_xstrndup(token->text, token->length);
    char *end;
    long long number = strtoll(text, &end, 10);
    if (*end == '\0' && token->length < 18) {
        number = is_negative ? -number : number;
        add_once(values, wv_xasprintf("%lld", number));
        add_once(values, wv_xasprintf("%lld", number + 1));
        add_once(values, wv_xasprintf("%lld", number - 1));
    } else {
        add_once(values, wv_xasprintf("%s%s", is_negative ? "-" : "", text));
    }
}

/* Of one sort of token; a minus before a number is its own. */
static void add_mentioned(struct wv_strlist *values, const char *conditions,
                          enum wv_token_kind kind)
{
    struct wv_lexer lexer;
    struct wv_token token;
    bool is_negative = false;
    wv_lexer_init(&lexer, conditions, strlen(conditions));
    while (wv_lexer_next(&lexer, &token)) {
        if (token.kind == kind && kind == WV_TOKEN_STRING)
            add_string(values, &token);
        else if (token.kind == kind && token.text[0] != '$')
            add_number(values, &token, is_negative);
        is_negative = token.kind == WV_TOKEN_OPERATOR && token.text[token.length - 1] == '-';
    }
}

/* By what sort of type it is. */
static void add_own(struct wv_strlist *values, const struct wv_row_column *column)
{
    if (column->sort == 'e' && column->label != NULL)
        wv_strlist_add(values, column->label);
    if (column->sort == 'r')
        wv_strlist_add(values, "empty");
    if (column->sort == 'm')
        wv_strlist_add(values, "{}");
    if (column->sort == 'c') {
        char *commas WV_AUTOFREE = wv_xcalloc(1, (size_t)column->fields + 1);
        memset(commas, ',', column->fields > 0 ? (size_t)column->fields - 1 : 0);
        wv_strlist_add_owned(values, wv_xasprintf("(%s)", commas));
    }
    if (column->bits > 0) {
        char *zeros = wv_xcalloc(1, (size_t)column->bits + 1);
        memset(zeros, '0', (size_t)column->bits);
        wv_strlist_add_owned(values, zeros);
    }
    if (values->count == 0)
        add_known(values, column);
}

static void add_all(struct wv_strlist *values, const struct wv_strlist *more)
{
    for (size_t i = 0; i < more->count; i++)
        add_once(values, wv_xstrdup(more->items[i]));
}

void wv_row_values(struct wv_strlist *values, const struct wv_row_column *column)
{
    struct wv_strlist own WV_AUTOSTRLIST = {0};
    bool is_number = column->category == 'N';
    bool is_guess = column->category == 'U'; /* an extension's, for example */
    add_own(&own, column);
    if (column->number > 0 && column->sort == 'b' && column->bits == 0)
        add_numbered(values, column);
    if (values->count == 0)
        wv_strlist_add(values, own.items[0]);
    if (column->conditions[0] == '\0' && !is_guess)
        return;
    add_mentioned(values, column->conditions, is_number ? WV_TOKEN_NUMBER : WV_TOKEN_STRING);
    add_mentioned(values, column->conditions, is_number ? WV_TOKEN_STRING : WV_TOKEN_NUMBER);
    add_all(values, &own);
}
