/* See err.h. */
#include "err.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    enum wv_exit status;
} codes[] = {[WV_OK] = {"OK", WV_EXIT_DONE},
#define X(name, status) [WV_##name] = {#name, status},
             WV_ERR_CODES(X)
#undef X
};

enum { CODE_COUNT = sizeof(codes) / sizeof(codes[0]) };

const char *wv_err_word(enum wv_err_code code)
{
    return (unsigned)code < CODE_COUNT ? codes[code].word : codes[WV_INTERNAL].word;
}

enum wv_exit wv_err_exit(enum wv_err_code code)
{
    return (unsigned)code < CODE_COUNT ? codes[code].status : WV_EXIT_FAILED;
}

enum wv_err_code wv_err_from_word(const char *word)
{
    for (unsigned i = 1; i < CODE_COUNT; i++)
        if (strcmp(codes[i].word, word) == 0)
            return (enum wv_err_code)i;
    return WV_OK;
}

bool wv_err_set(struct wv_err *err, enum wv_err_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = wv_xvasprintf(format, args);
    va_end(args);
    wv_err_clear(err);
    err->code = code;
    err->message = message;
    return false;
}

bool wv_err_hint(struct wv_err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *hint = wv_xvasprintf(format, args);
    va_end(args);
    free(err->hint);
    err->hint = hint;
    return false;
}

bool wv_err_prefix(struct wv_err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *prefix WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    char *message = wv_xasprintf("%s: %s", prefix, err->message != NULL ? err->message : "");
    free(err->message);
    err->message = message;
    return false;
}

void wv_err_at(struct wv_err *err, const char *file, int line, int column)
{
    if (file != NULL) {
        char *copy = wv_xstrdup(file);
        free(err->file);
        err->file = copy;
    }
    err->line = line;
    err->column = column;
}

void wv_err_move(struct wv_err *to, struct wv_err *from)
{
    if (to == from)
        return;
    wv_err_clear(to);
    *to = *from;
    *from = (struct wv_err){0};
}

void wv_err_copy(struct wv_err *to, const struct wv_err *from)
{
    struct wv_err copy = *from;
    copy.message = wv_xstrdup(from->message);
    copy.hint = wv_xstrdup(from->hint);
    copy.detail = wv_xstrdup(from->detail);
    copy.context = wv_xstrdup(from->context);
    copy.revision = wv_xstrdup(from->revision);
    copy.file = wv_xstrdup(from->file);
    copy.statement = wv_xstrdup(from->statement);
    copy.problems = (struct wv_problems){0};
    wv_problems_copy(&copy.problems, &from->problems);
    wv_err_move(to, &copy);
}

void wv_err_clear(struct wv_err *err)
{
    free(err->message);
    free(err->hint);
    free(err->detail);
    free(err->context);
    free(err->revision);
    free(err->file);
    free(err->statement);
    wv_problems_free(&err->problems);
    *err = (struct wv_err){0};
}

void wv_problems_add(struct wv_problems *list, const char *kind, const char *file, int line,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = wv_xvasprintf(format, args);
    va_end(args);
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = (struct wv_problem){
        .kind = wv_xstrdup(kind), .file = wv_xstrdup(file), .line = line, .message = message};
}

void wv_problems_append(struct wv_problems *to, const struct wv_problems *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct wv_problem *item = &from->items[i];
        wv_problems_add(to, item->kind, item->file, item->line, "%s", item->message);
        to->items[to->count - 1].column = item->column;
    }
}

void wv_problems_move(struct wv_problems *to, struct wv_problems *from)
{
    for (size_t i = 0; i < from->count; i++) {
        WV_GROW(to->items, to->count, to->capacity);
        to->items[to->count++] = from->items[i];
    }
    from->count = 0;
    wv_problems_free(from);
}

void wv_problems_copy(struct wv_problems *to, const struct wv_problems *from)
{
    struct wv_problems copy = {0};
    wv_problems_append(&copy, from);
    wv_problems_free(to);
    *to = copy;
}

static int compare_text(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

static int compare_problems(const void *left, const void *right)
{
    const struct wv_problem *a = left;
    const struct wv_problem *b = right;
    int order = compare_text(a->file, b->file);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    if (order == 0)
        order = (a->column > b->column) - (a->column < b->column);
    return order != 0 ? order : compare_text(a->message, b->message);
}

void wv_problems_sort(struct wv_problems *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof(list->items[0]), compare_problems);
}

void wv_problems_free(struct wv_problems *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].kind);
        free(list->items[i].file);
        free(list->items[i].message);
    }
    free(list->items);
    *list = (struct wv_problems){0};
}
