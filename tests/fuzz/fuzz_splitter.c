/* Any bytes through the splitter. Checked: statements lie in order inside the text, begin and end
 * with a token, and between them there is nothing but blanks, comments and `;` (unless psql's
 * commands or COPY data were skipped over, which is reported); splitting a statement alone gives
 * that statement. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "splitter.h"

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool has_kind(const struct wv_problems *problems, const char *kind)
{
    for (size_t i = 0; i < problems->count; i++)
        if (strcmp(problems->items[i].kind, kind) == 0)
            return true;
    return false;
}

static void require_gap(const char *text, size_t length)
{
    struct wv_lexer lexer;
    struct wv_token token;
    wv_lexer_init(&lexer, text, length);
    while (wv_lexer_next(&lexer, &token))
        require(token.kind == WV_TOKEN_SEMICOLON || token.kind == WV_TOKEN_LINE_COMMENT ||
                token.kind == WV_TOKEN_BLOCK_COMMENT);
}

static void require_nothing_lost(const char *text, size_t length,
                                 const struct wv_statements *statements)
{
    size_t at = 0;
    for (size_t i = 0; i < statements->count; i++) {
        const struct wv_statement *statement = &statements->items[i];
        size_t begin = (size_t)(statement->text - text);
        require(begin >= at && statement->length > 0 && begin + statement->length <= length);
        require_gap(text + at, begin - at);
        require(statement->line > 0 && statement->column > 0);
        at = begin + statement->length;
    }
    require_gap(text + at, length - at);
}

static void require_stable(const struct wv_statement *statement)
{
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements again = {0};
    struct wv_place start = WV_PLACE_START;
    wv_faults_init(&faults, &problems, NULL, statement->text, start);
    wv_split(statement->text, statement->length, start, &again, &faults);
    require(again.count == 1 && again.items[0].length == statement->length);
    require(again.items[0].flags == statement->flags);
    wv_statements_free(&again);
    wv_problems_free(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of the exact size, so that reading one byte too far is seen. */
    char *text = malloc(size > 0 ? size : 1);
    require(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements statements = {0};
    struct wv_place start = WV_PLACE_START;
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_text_check(text, size, &faults);
    wv_split(text, size, start, &statements, &faults);
    if (!has_kind(&problems, "meta_command") && !has_kind(&problems, "copy_stdin") &&
        !has_kind(&problems, "too_many_faults")) {
        require_nothing_lost(text, size, &statements);
        for (size_t i = 0; i < statements.count && problems.count == 0; i++)
            require_stable(&statements.items[i]);
    }
    wv_statements_free(&statements);
    wv_problems_free(&problems);
    free(text);
    return 0;
}
