/* See rename_hints.h. Reads tokens, no grammar: the name of what is made is the last one before the
 * first parenthesis, AS or ON; a column's is the first word of its line of the list. */
#include "rename_hints.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "renamable.h"
#include "strbuf.h"

static const char mark[] = "woven:renamed-from ";

/* Comments that were heeded, in the order of the text. */
struct heeded {
    const char **items;
    size_t count;
    size_t capacity;
};

struct scan {
    struct wv_strlist *objects;
    struct wv_strlist *parts;
    struct heeded *heeded;
    struct wv_strlist own; /* former names of the object itself */
    struct wv_strbuf name; /* of the object, as far as it was read */
    bool named;            /* its end was seen */
    bool has_arguments;    /* what is in its list are no parts that have names to change */
    bool dotted;           /* the last token was a dot */
    int depth;
    bool item_begins; /* the next word of the list is a new item's first */
    char *item;       /* the newest; NULL: none yet */
    int item_line;
    int line;
};

static char *word_of(const struct wv_token *token)
{
    char *word = wv_xstrndup(token->text, token->length);
    for (char *p = word; token->kind == WV_TOKEN_WORD && *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return word;
}

static bool has_mark(const struct wv_token *token)
{
    return token->kind == WV_TOKEN_LINE_COMMENT &&
           memmem(token->text, token->length, mark, strlen(mark)) != NULL;
}

static void take_hint(struct scan *scan, const struct wv_token *token)
{
    if (!has_mark(token) || (scan->item != NULL && scan->item_line != scan->line))
        return;
    char *comment WV_AUTOFREE = wv_xstrndup(token->text, token->length);
    const char *at = strstr(comment, mark) + strlen(mark);
    at += strspn(at, " \t");
    char *old WV_AUTOFREE = wv_xstrndup(at, wv_name_span(at, " \t\r"));
    if (old[0] == '\0')
        return;
    WV_GROW(scan->heeded->items, scan->heeded->count, scan->heeded->capacity);
    scan->heeded->items[scan->heeded->count++] = token->text;
    const char *name = wv_strbuf_text(&scan->name);
    if (scan->item == NULL)
        wv_strlist_add(&scan->own, old);
    else
        wv_strlist_add_owned(scan->parts, wv_xasprintf("%s.%s:%s", name, old, scan->item));
}

static void take_name(struct scan *scan, const struct wv_token *token)
{
    bool dot = token->kind == WV_TOKEN_OPERATOR && token->length == 1 && token->text[0] == '.';
    if (wv_token_is(token, "FUNCTION") || wv_token_is(token, "PROCEDURE") ||
        wv_token_is(token, "AGGREGATE"))
        scan->has_arguments = true;
    if (wv_token_is(token, "AS") || wv_token_is(token, "ON") || token->kind == WV_TOKEN_OPEN) {
        scan->named = true;
        return;
    }
    if (!dot && !scan->dotted)
        wv_strbuf_reset(&scan->name);
    char *word WV_AUTOFREE = word_of(token);
    wv_strbuf_adds(&scan->name, word);
    scan->dotted = dot;
}

static void take_item(struct scan *scan, const struct wv_token *token)
{
    bool comma = token->kind == WV_TOKEN_OPERATOR && token->length == 1 && token->text[0] == ',';
    if (comma) {
        scan->item_begins = true;
        return;
    }
    if (!scan->item_begins)
        return;
    scan->item_begins = wv_token_is(token, "CONSTRAINT");
    if (scan->item_begins)
        return;
    free(scan->item);
    scan->item = word_of(token);
    scan->item_line = scan->line;
}

static void take_token(struct scan *scan, const struct wv_token *token)
{
    if (token->kind == WV_TOKEN_LINE_COMMENT) {
        take_hint(scan, token);
        return;
    }
    if (token->kind == WV_TOKEN_BLOCK_COMMENT)
        return;
    if (!scan->named)
        take_name(scan, token);
    if (scan->depth == 1 && !scan->has_arguments)
        take_item(scan, token);
    if (token->kind == WV_TOKEN_OPEN && scan->depth++ == 0)
        scan->item_begins = true;
    if (token->kind == WV_TOKEN_CLOSE)
        scan->depth--;
}

static void scan_statement(struct wv_strlist *objects, struct wv_strlist *parts,
                           struct heeded *heeded, const struct wv_statement *statement)
{
    struct scan scan = {.objects = objects, .parts = parts, .heeded = heeded};
    struct wv_lexer lexer;
    struct wv_token token;
    const char *seen = statement->text;
    wv_lexer_init(&lexer, statement->text, statement->length);
    if (!wv_lexer_next(&lexer, &token) || !wv_token_is(&token, "CREATE"))
        return;
    while (wv_lexer_next(&lexer, &token)) {
        for (; seen < token.text; seen++)
            scan.line += *seen == '\n';
        take_token(&scan, &token);
    }
    for (size_t i = 0; i < scan.own.count; i++)
        wv_strlist_add_owned(objects,
                             wv_xasprintf("%s:%s", scan.own.items[i], wv_strbuf_text(&scan.name)));
    wv_strlist_free(&scan.own);
    free(scan.item);
    wv_strbuf_free(&scan.name);
}

/* Those that belong to nothing. */
static void add_strays(struct wv_strlist *strays, const struct heeded *heeded,
                       const struct wv_model_file *file)
{
    struct wv_lexer lexer;
    struct wv_token token;
    const char *seen = file->text;
    size_t next = 0;
    int line = 1;
    wv_lexer_init(&lexer, file->text, file->length);
    while (wv_lexer_next(&lexer, &token)) {
        if (!has_mark(&token))
            continue;
        for (; seen < token.text; seen++)
            line += *seen == '\n';
        if (next < heeded->count && heeded->items[next] == token.text)
            next++;
        else
            wv_strlist_add_owned(strays, wv_xasprintf("%s:%d", file->path, line));
    }
}

void wv_rename_hints_find(struct wv_strlist *hints, struct wv_strlist *strays,
                          const struct wv_model_files *files)
{
    struct wv_strlist parts WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < files->count; i++) {
        const struct wv_model_file *file = &files->items[i];
        struct heeded heeded = {0};
        for (size_t j = 0; j < file->statements.count; j++)
            scan_statement(hints, &parts, &heeded, &file->statements.items[j]);
        add_strays(strays, &heeded, file);
        free(heeded.items);
    }
    for (size_t i = 0; i < parts.count; i++)
        wv_strlist_add(hints, parts.items[i]);
}
