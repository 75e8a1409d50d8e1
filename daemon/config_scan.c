/* See config_scan.h. Walks the text once, quotes and comments as libconfuse's lexer has them. */
#include "config_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const struct wv_config_scan *request;
    char *at;
    char *end;
    int line;
    struct wv_strbuf database; /* title of the section `database` we are in; "" in none */
    struct wv_strbuf section;  /* of access, timeouts ...; "" in none */
    bool in_database;
    bool in_list;
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

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end)
        if (isspace((unsigned char)*scan->at))
            step(scan);
        else if (!skip_comment(scan))
            return;
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

static bool is_among(const struct wv_config_key *keys, const char *section, const char *name)
{
    for (const struct wv_config_key *key = keys; key->name != NULL; key++)
        if (strcmp(key->section, section) == 0 && strcmp(key->name, name) == 0)
            return true;
    return false;
}

static void add_mark(struct scan *scan, const char *key, int line)
{
    struct wv_config_marks *marks = scan->request->marks;
    WV_GROW(marks->items, marks->count, marks->capacity);
    marks->items[marks->count++] =
        (struct wv_config_mark){wv_xstrdup(wv_strbuf_text(&scan->database)), wv_xstrdup(key), line};
}

static void check_key(struct scan *scan, const char *name, int line)
{
    const struct wv_config_scan *request = scan->request;
    const char *section = wv_strbuf_text(&scan->section);
    char *full WV_AUTOFREE = wv_xasprintf("%s%s%s", section, *section != '\0' ? "." : "", name);
    int before = wv_config_line(request->marks, wv_strbuf_text(&scan->database), full);
    if (!is_among(request->keys, section, name))
        wv_problems_add(request->problems, "unknown_key", request->file, line, "unknown key \"%s\"",
                        full);
    else if (scan->in_database && is_among(request->daemon_keys, section, name))
        wv_problems_add(request->problems, "unknown_key", request->file, line,
                        "\"%s\" is the whole daemon's: it cannot be in a section database", full);
    else if (before != 0)
        wv_problems_add(request->problems, "duplicate_key", request->file, line,
                        "\"%s\" is set twice; keep one", full);
    add_mark(scan, full, line);
}

static bool is_word_end(char c)
{
    return isspace((unsigned char)c) || strchr("={}(),;+\"'", c) != NULL;
}

/* The name of a section `database`, quoted or bare; "" when there is none. */
static void take_title(struct scan *scan)
{
    const char *start = scan->at;
    bool quoted = scan->at < scan->end && (*start == '"' || *start == '\'');
    if (quoted)
        skip_quoted(scan);
    while (!quoted && scan->at < scan->end && !is_word_end(*scan->at))
        step(scan);
    size_t length = (size_t)(scan->at - start);
    wv_strbuf_reset(&scan->database);
    if (quoted && length >= 2)
        wv_strbuf_add(&scan->database, start + 1, length - 2);
    else if (!quoted)
        wv_strbuf_add(&scan->database, start, length);
    skip_space(scan);
}

/* After the word `database` at `start`, which no `=` follows. */
static void take_database(struct scan *scan, char *start, int line)
{
    const struct wv_config_scan *request = scan->request;
    take_title(scan);
    memcpy(start, WV_CONFIG_SECTION, strlen(WV_CONFIG_SECTION));
    if (scan->at >= scan->end || *scan->at != '{') {
        wv_strbuf_reset(&scan->database);
        return;
    }
    int before = wv_config_line(request->marks, wv_strbuf_text(&scan->database), "");
    if (scan->database.length == 0)
        wv_problems_add(request->problems, "bad_setting", request->file, line,
                        "a section database needs a name: database \"name\" { ... }");
    else if (strpbrk(wv_strbuf_text(&scan->database), "\\$\"'") != NULL)
        wv_problems_add(request->problems, "bad_setting", request->file, line,
                        "the name of a section database may not hold quotes, backslashes or \"$\"");
    else if (before != 0)
        wv_problems_add(request->problems, "duplicate_key", request->file, line,
                        "there is a section database \"%s\" already, at line %d",
                        wv_strbuf_text(&scan->database), before);
    add_mark(scan, "", line);
    scan->in_database = true;
    step(scan);
}

/* A bare word: a key when `=`, `+=` or `{` follows, else a value. */
static void take_word(struct scan *scan)
{
    char *start = scan->at;
    int line = scan->line;
    while (scan->at < scan->end && !is_word_end(*scan->at))
        step(scan);
    if (scan->at == start) {
        step(scan);
        return;
    }
    char *name WV_AUTOFREE = wv_xstrndup(start, (size_t)(scan->at - start));
    skip_space(scan);
    bool is_set = starts(scan, "=") || starts(scan, "+=");
    bool at_top = !scan->in_database && scan->section.length == 0;
    if (!scan->in_list && !is_set && strcmp(name, "database") == 0) {
        if (!at_top)
            wv_problems_add(scan->request->problems, "unknown_key", scan->request->file, line,
                            "a section database can be at the top level only");
        else
            take_database(scan, start, line);
        return;
    }
    if (strcmp(name, WV_CONFIG_SECTION) == 0 && !scan->in_list)
        wv_problems_add(scan->request->problems, "unknown_key", scan->request->file, line,
                        "unknown key \"%s\"", name);
    bool opens = scan->at < scan->end && *scan->at == '{';
    if (scan->in_list || (!opens && !is_set))
        return;
    check_key(scan, name, line);
    if (opens) {
        wv_strbuf_reset(&scan->section);
        wv_strbuf_adds(&scan->section, name);
        step(scan);
    }
}

/* After `=`: a list in braces, whose words are values, or nothing to do here. */
static void take_equals(struct scan *scan)
{
    step(scan);
    skip_space(scan);
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
    if (scan->in_list) {
        scan->in_list = false;
    } else if (scan->section.length > 0) {
        wv_strbuf_reset(&scan->section);
    } else {
        scan->in_database = false;
        wv_strbuf_reset(&scan->database);
    }
    step(scan);
}

void wv_config_scan(struct wv_strbuf *text, const struct wv_config_scan *request)
{
    struct scan scan = {
        .request = request, .at = text->data, .end = text->data + text->length, .line = 1};
    while (scan.at < scan.end) {
        skip_space(&scan);
        if (scan.at >= scan.end)
            break;
        if (*scan.at == '"' || *scan.at == '\'')
            skip_quoted(&scan);
        else if (*scan.at == '=')
            take_equals(&scan);
        else if (*scan.at == '}')
            take_close(&scan);
        else
            take_word(&scan);
    }
    /* The parser takes the end of the file for the end of all sections. */
    if (scan.in_database || scan.section.length > 0)
        wv_problems_add(request->problems, "syntax", request->file, scan.line,
                        "the section %s is not closed: a \"}\" is missing",
                        scan.section.length > 0 ? wv_strbuf_text(&scan.section) : "database");
    wv_strbuf_free(&scan.section);
    wv_strbuf_free(&scan.database);
}

int wv_config_line(const struct wv_config_marks *marks, const char *database, const char *key)
{
    for (size_t i = 0; i < marks->count; i++)
        if (strcmp(marks->items[i].database, database) == 0 &&
            strcmp(marks->items[i].key, key) == 0)
            return marks->items[i].line;
    return 0;
}

void wv_config_marks_free(struct wv_config_marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        free(marks->items[i].database);
        free(marks->items[i].key);
    }
    free(marks->items);
    *marks = (struct wv_config_marks){0};
}
