/* See config_scan.h. Walks the text once, quotes and comments as libconfuse's lexer has them. */
#include "config_scan.h"

#include <ctype.h>
#include <string.h>

#include "strlist.h"

struct scan {
    char *at;
    char *end;
    const char *file;
    int line;
    int depth;                /* braces of lists and sections */
    struct wv_strbuf section; /* "" at the top */
    bool in_list;
    const struct wv_config_key *keys;
    struct wv_strlist seen; /* "section.name" */
    struct wv_problems *problems;
};

static void step(struct scan *scan)
{
    if (*scan->at == '\n')
        scan->line++;
    scan->at++;
}

static void blank(struct scan *scan)
{
    if (*scan->at != '\n')
        *scan->at = ' ';
    step(scan);
}

static bool starts(const struct scan *scan, const char *mark)
{
    size_t length = strlen(mark);
    return (size_t)(scan->end - scan->at) >= length && memcmp(scan->at, mark, length) == 0;
}

/* Blanks a comment that begins here; false when none does. */
static bool skip_comment(struct scan *scan)
{
    if (starts(scan, "#") || starts(scan, "//")) {
        while (scan->at < scan->end && *scan->at != '\n')
            blank(scan);
        return true;
    }
    if (!starts(scan, "/*"))
        return false;
    while (scan->at < scan->end && !starts(scan, "*/"))
        blank(scan);
    for (int i = 0; i < 2 && scan->at < scan->end; i++)
        blank(scan);
    return true;
}

static void skip_quoted(struct scan *scan)
{
    char quote = *scan->at;
    step(scan);
    while (scan->at < scan->end && *scan->at != quote) {
        if (*scan->at == '\\' && scan->at + 1 < scan->end)
            step(scan);
        step(scan);
    }
    if (scan->at < scan->end)
        step(scan);
}

static bool is_known(const struct scan *scan, const char *section, const char *name)
{
    for (const struct wv_config_key *key = scan->keys; key->name != NULL; key++)
        if (strcmp(key->section, section) == 0 && strcmp(key->name, name) == 0)
            return true;
    return false;
}

static void check_key(struct scan *scan, const char *name, int line)
{
    const char *section = wv_strbuf_text(&scan->section);
    char *full WV_AUTOFREE = wv_xasprintf("%s%s%s", section, *section != '\0' ? "." : "", name);
    if (!is_known(scan, section, name))
        wv_problems_add(scan->problems, "unknown_key", scan->file, line, "unknown key \"%s\"",
                        full);
    else if (wv_strlist_has(&scan->seen, full))
        wv_problems_add(scan->problems, "duplicate_key", scan->file, line,
                        "\"%s\" is set twice; keep one", full);
    wv_strlist_add(&scan->seen, full);
}

/* A bare word: a key when `=`, `+=` or `{` follows, else a value. */
static void take_word(struct scan *scan)
{
    const char *start = scan->at;
    int line = scan->line;
    while (scan->at < scan->end && !isspace((unsigned char)*scan->at) &&
           strchr("={}(),;+\"'", *scan->at) == NULL)
        step(scan);
    if (scan->at == start) {
        step(scan);
        return;
    }
    char *name WV_AUTOFREE = wv_xstrndup(start, (size_t)(scan->at - start));
    while (scan->at < scan->end && isspace((unsigned char)*scan->at))
        step(scan);
    bool opens = scan->at < scan->end && *scan->at == '{';
    if (scan->in_list || (!opens && !starts(scan, "=") && !starts(scan, "+=")))
        return;
    check_key(scan, name, line);
    if (opens) {
        wv_strbuf_reset(&scan->section);
        wv_strbuf_adds(&scan->section, name);
        scan->depth++;
        step(scan);
    }
}

/* After `=`: a list in braces, whose words are values, or nothing to do here. */
static void take_equals(struct scan *scan)
{
    step(scan);
    while (scan->at < scan->end && isspace((unsigned char)*scan->at))
        step(scan);
    if (scan->at < scan->end && *scan->at == '{') {
        scan->in_list = true;
        step(scan);
        return;
    }
    while (scan->at < scan->end && !isspace((unsigned char)*scan->at) && *scan->at != '}' &&
           *scan->at != '"' && *scan->at != '\'')
        step(scan);
}

static void take_close(struct scan *scan)
{
    if (scan->in_list)
        scan->in_list = false;
    else if (scan->depth > 0 && --scan->depth == 0)
        wv_strbuf_reset(&scan->section);
    step(scan);
}

void wv_config_scan(struct wv_strbuf *text, const char *file, const struct wv_config_key *keys,
                    struct wv_problems *problems)
{
    struct scan scan = {.at = text->data,
                        .end = text->data + text->length,
                        .file = file,
                        .line = 1,
                        .keys = keys,
                        .problems = problems};
    while (scan.at < scan.end) {
        if (isspace((unsigned char)*scan.at))
            step(&scan);
        else if (skip_comment(&scan))
            continue;
        else if (*scan.at == '"' || *scan.at == '\'')
            skip_quoted(&scan);
        else if (*scan.at == '=')
            take_equals(&scan);
        else if (*scan.at == '}')
            take_close(&scan);
        else
            take_word(&scan);
    }
    wv_strbuf_free(&scan.section);
    wv_strlist_free(&scan.seen);
}
