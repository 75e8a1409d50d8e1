/* Tools with one file for both directions, divided by comments: dbmate, goose, node-pg-migrate. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "import.h"
#include "import_files.h"
#include "import_scan.h"

/* What one file is taken apart into. Lines that are comments of the tool become empty ones, so that
 * faults keep their line numbers. */
struct parts {
    struct wv_import *import;
    const char *path;
    struct wv_strbuf up, down;
    struct wv_strbuf *open; /* that the next line goes into; NULL: none yet */
    int up_line, down_line; /* where they begin; 0: not there */
    bool up_transaction, down_transaction;
};

static void parts_free(struct parts *parts)
{
    wv_strbuf_free(&parts->up);
    wv_strbuf_free(&parts->down);
}

static void fault(struct parts *parts, int line, const char *kind, const char *message)
{
    wv_problems_add(&parts->import->problems, kind, parts->path, line, "%s", message);
}

static void open_part(struct parts *parts, bool down, int line)
{
    int *begins = down ? &parts->down_line : &parts->up_line;
    if (*begins != 0)
        fault(parts, line, "duplicate_section", "a second section of this direction");
    *begins = line;
    parts->open = down ? &parts->down : &parts->up;
    wv_strbuf_addc(parts->open, '\n');
}

static void add_line(struct parts *parts, const struct wv_import_line *line)
{
    if (parts->open != NULL) {
        wv_strbuf_add(parts->open, line->text, line->length);
        wv_strbuf_addc(parts->open, '\n');
        return;
    }
    struct wv_import_line comment;
    if (strspn(line->text, " \t") < line->length && !wv_import_comment(line, true, &comment))
        fault(parts, line->number, "text_outside_section",
              "SQL before the first section: it would never be run");
}

static void close_parts(struct parts *parts, struct wv_import_revision *revision)
{
    if (parts->up_line == 0)
        fault(parts, 0, "missing_up", "has no section that goes up");
    else
        wv_import_fill(&revision->up, wv_strbuf_take(&parts->up), parts->path, parts->up_line);
    if (parts->down_line != 0)
        wv_import_fill(&revision->undo, wv_strbuf_take(&parts->down), parts->path,
                       parts->down_line);
    revision->up.transaction = parts->up_transaction;
    revision->undo.transaction = parts->down_transaction;
}

/* A revision for NAME, whose version is the digits it begins with. */
static struct wv_import_revision *add_file(struct wv_import *import, const char *name,
                                           const char *version, size_t end)
{
    size_t digits = wv_import_digits(name);
    char *words = wv_import_words(name + digits, end - digits);
    struct wv_import_revision *revision = wv_import_add(import, version);
    revision->message = words;
    revision->source = wv_xstrdup(name);
    return revision;
}

/* A migration that is a program: only its place in the line can be kept. */
static void refuse_program(struct wv_import *import, struct wv_import_revision *revision,
                           const char *path, const char *why)
{
    char *text = wv_import_read(import, path);
    if (text == NULL)
        return;
    wv_import_fill(&revision->up, text, path, 1);
    revision->up.refusal = wv_xstrdup(why);
    wv_import_fill(&revision->undo, wv_xstrdup(""), path, 1);
    revision->undo.refusal = wv_xstrdup(why);
}

static void leave_out(struct wv_import *import, const char *name, const char *why)
{
    char *path WV_AUTOFREE = wv_import_path(import, name);
    wv_problems_add(&import->notes, "left_out", path, 0, "is left out: %s", why);
}

static int by_number(const struct wv_import_revision *a, const struct wv_import_revision *b)
{
    return wv_import_compare_numbers(a->version, strlen(a->version), b->version,
                                     strlen(b->version));
}

/* dbmate. */

static void take_option(struct parts *parts, const struct wv_import_line *word, bool down)
{
    static const char off[] = "transaction:false";
    static const char on[] = "transaction:true";
    bool *transaction = down ? &parts->down_transaction : &parts->up_transaction;
    if (word->length == strlen(off) && strncmp(word->text, off, word->length) == 0)
        *transaction = false;
    else if (word->length != strlen(on) || strncmp(word->text, on, word->length) != 0)
        wv_problems_add(&parts->import->problems, "bad_option", parts->path, word->number,
                        "there is no option %.*s", (int)word->length, word->text);
}

static bool dbmate_marker(struct parts *parts, const struct wv_import_line *line)
{
    struct wv_import_line rest;
    if (!wv_import_comment(line, false, &rest))
        return false;
    bool up = wv_import_take_words(&rest, "migrate:up");
    if (!up && !wv_import_take_words(&rest, "migrate:down"))
        return false;
    open_part(parts, !up, line->number);
    while (rest.length > 0) {
        struct wv_import_line word = rest;
        word.length = 0;
        while (word.length < rest.length && strchr(" \t", rest.text[word.length]) == NULL)
            word.length++;
        take_option(parts, &word, !up);
        rest.text += word.length;
        rest.length -= word.length;
        while (rest.length > 0 && strchr(" \t", *rest.text) != NULL) {
            rest.text++;
            rest.length--;
        }
    }
    return true;
}

static void read_dbmate(struct wv_import *import, struct wv_import_revision *revision,
                        const char *path)
{
    char *text WV_AUTOFREE = wv_import_read(import, path);
    struct parts parts = {
        .import = import, .path = path, .up_transaction = true, .down_transaction = true};
    struct wv_import_line line = {.text = text};
    if (text == NULL)
        return;
    while (wv_import_next_line(&line))
        if (!dbmate_marker(&parts, &line))
            add_line(&parts, &line);
    close_parts(&parts, revision);
    parts_free(&parts);
}

bool wv_import_dbmate(struct wv_import *import, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (!wv_import_list(import->directory, ".sql", false, &names, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        size_t digits = wv_import_digits(name);
        if (digits == 0) {
            leave_out(import, name, "its name does not begin with a version");
            continue;
        }
        char *version WV_AUTOFREE = wv_xstrndup(name, digits);
        char *path WV_AUTOFREE = wv_import_path(import, name);
        read_dbmate(import, add_file(import, name, version, strlen(name) - strlen(".sql")), path);
    }
    /* dbmate goes by the names of the files, as text. */
    wv_import_chain(import);
    return true;
}

/* goose. */

struct goose {
    struct parts parts;
    size_t statement; /* where the block between StatementBegin and -End begins */
    bool block;
};

/* A block is one statement to goose, with or without a semicolon. */
static void end_block(struct goose *goose)
{
    struct wv_strbuf *open = goose->parts.open;
    struct wv_scan scan = {0};
    wv_scan_sql(wv_strbuf_text(open) + goose->statement, &scan);
    if (scan.count > 0 && !scan.items[scan.count - 1].terminated)
        wv_strbuf_addc(open, ';');
    wv_strbuf_addc(open, '\n');
    wv_scan_free(&scan);
    goose->block = false;
}

static void begin_block(struct goose *goose)
{
    wv_strbuf_addc(goose->parts.open, '\n');
    goose->statement = goose->parts.open->length;
    goose->block = true;
}

static void goose_word(struct goose *goose, struct wv_import_line *word)
{
    struct parts *parts = &goose->parts;
    if (wv_import_take_words(word, "up")) {
        open_part(parts, false, word->number);
    } else if (wv_import_take_words(word, "down")) {
        open_part(parts, true, word->number);
    } else if (wv_import_take_words(word, "no transaction")) {
        parts->up_transaction = parts->down_transaction = false;
        if (parts->open != NULL)
            wv_strbuf_addc(parts->open, '\n');
    } else if (wv_import_take_words(word, "statementbegin") && parts->open != NULL &&
               !goose->block) {
        begin_block(goose);
    } else if (wv_import_take_words(word, "statementend") && goose->block) {
        end_block(goose);
    } else if (wv_import_take_words(word, "envsub off")) {
        add_line(parts, &(struct wv_import_line){.text = "", .number = word->number});
    } else {
        fault(parts, word->number, "bad_marker",
              "an annotation of goose that cannot be imported here: ENVSUB ON (write the values "
              "themselves), StatementBegin or -End without the other, or an unknown one");
    }
}

static void read_goose(struct wv_import *import, struct wv_import_revision *revision,
                       const char *path)
{
    char *text WV_AUTOFREE = wv_import_read(import, path);
    struct goose goose = {
        .parts = {
            .import = import, .path = path, .up_transaction = true, .down_transaction = true}};
    struct wv_import_line line = {.text = text};
    if (text == NULL)
        return;
    while (wv_import_next_line(&line)) {
        struct wv_import_line comment;
        if (wv_import_comment(&line, false, &comment) && wv_import_take_words(&comment, "+goose"))
            goose_word(&goose, &comment);
        else
            add_line(&goose.parts, &line);
    }
    if (goose.block)
        fault(&goose.parts, line.number, "unterminated", "a StatementBegin without its end");
    close_parts(&goose.parts, revision);
    parts_free(&goose.parts);
}

static bool is_test(const char *name)
{
    static const char end[] = "_test.go";
    size_t length = strlen(name);
    return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static void take_goose(struct wv_import *import, const char *name, bool program)
{
    size_t digits = wv_import_digits(name);
    if (digits == 0 || name[digits] != '_') {
        if (!program)
            leave_out(import, name, "its name is not NUMBER_words.sql");
        return;
    }
    char *path WV_AUTOFREE = wv_import_path(import, name);
    char *number WV_AUTOFREE = wv_xstrndup(name, digits);
    struct wv_import_revision *revision =
        add_file(import, name, number, strlen(name) - (program ? 3 : 4));
    if (program)
        refuse_program(import, revision, path, "it is a Go program");
    else
        read_goose(import, revision, path);
}

bool wv_import_goose(struct wv_import *import, struct wv_err *err)
{
    struct wv_strlist files WV_AUTOSTRLIST = {0};
    struct wv_strlist programs WV_AUTOSTRLIST = {0};
    if (!wv_import_list(import->directory, ".sql", false, &files, err) ||
        !wv_import_list(import->directory, ".go", false, &programs, err))
        return false;
    for (size_t i = 0; i < files.count; i++)
        take_goose(import, files.items[i], false);
    for (size_t i = 0; i < programs.count; i++)
        if (!is_test(programs.items[i]))
            take_goose(import, programs.items[i], true);
    wv_import_sort(import, by_number);
    wv_import_chain(import);
    return true;
}

/* node-pg-migrate. */

/* Whether the line is its comment for a direction, such as "-- Up Migration". */
static bool is_node_marker(const struct wv_import_line *line, const char *direction)
{
    static const char word[] = "migration";
    struct wv_import_line rest;
    if (!wv_import_comment(line, true, &rest))
        return false;
    while (rest.length > 0 && strchr(" \t-", *rest.text) != NULL) {
        rest.text++;
        rest.length--;
    }
    if (!wv_import_take_words(&rest, direction))
        return false;
    return rest.length >= strlen(word) && strncasecmp(rest.text, word, strlen(word)) == 0;
}

static void read_node(struct wv_import *import, struct wv_import_revision *revision,
                      const char *path)
{
    char *text WV_AUTOFREE = wv_import_read(import, path);
    if (text == NULL)
        return;
    struct parts parts = {
        .import = import, .path = path, .up_transaction = true, .down_transaction = true};
    bool marked = false;
    for (struct wv_import_line line = {.text = text}; wv_import_next_line(&line);)
        marked = marked || is_node_marker(&line, "up") || is_node_marker(&line, "down");
    /* Without its comments a file only goes up. */
    if (!marked) {
        wv_import_fill(&revision->up, WV_STEAL(text), path, 1);
        return;
    }
    for (struct wv_import_line line = {.text = text}; wv_import_next_line(&line);) {
        bool up = is_node_marker(&line, "up");
        if (up || is_node_marker(&line, "down"))
            open_part(&parts, !up, line.number);
        else
            add_line(&parts, &line);
    }
    close_parts(&parts, revision);
    parts_free(&parts);
}

/* Milliseconds since 1970 of a name's number: 17 digits are a date and time in UTC. */
static long long node_time(const char *digits)
{
    struct tm date = {0};
    int ms;
    if (strlen(digits) != 17)
        return strtoll(digits, NULL, 10);
    int parts[7];
    static const int widths[7] = {4, 2, 2, 2, 2, 2, 3};
    for (size_t i = 0; i < 7; i++) {
        parts[i] = 0;
        for (int j = 0; j < widths[i]; j++)
            parts[i] = parts[i] * 10 + (*digits++ - '0');
    }
    date.tm_year = parts[0] - 1900;
    date.tm_mon = parts[1] - 1;
    date.tm_mday = parts[2];
    date.tm_hour = parts[3];
    date.tm_min = parts[4];
    date.tm_sec = parts[5];
    ms = parts[6];
    return (long long)timegm(&date) * 1000 + ms;
}

static int by_time(const struct wv_import_revision *a, const struct wv_import_revision *b)
{
    long long left = node_time(a->aliases.items[0]);
    long long right = node_time(b->aliases.items[0]);
    return left < right ? -1 : left > right ? 1 : strcmp(a->version, b->version);
}

/* The length of NAME without its end; 0 when node-pg-migrate would not run it. */
static size_t node_stem(const char *name, bool *program)
{
    static const char *const ends[] = {".sql", ".js", ".ts", ".cjs", ".mjs", ".cts", ".mts"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t end = strlen(ends[i]);
        if (length <= end || strcmp(name + length - end, ends[i]) != 0)
            continue;
        *program = i > 0;
        return length - end;
    }
    return 0;
}

static void take_node(struct wv_import *import, const char *name)
{
    bool program;
    size_t stem = node_stem(name, &program);
    size_t digits = wv_import_digits(name);
    if (stem == 0 || digits == 0) {
        leave_out(import, name, "its name is not NUMBER_words.sql");
        return;
    }
    char *number WV_AUTOFREE = wv_xstrndup(name, digits);
    char *path WV_AUTOFREE = wv_import_path(import, name);
    struct wv_import_revision *revision = add_file(import, name, number, stem);
    /* Its table has the whole name. */
    wv_strlist_add(&revision->aliases, number);
    free(revision->version);
    revision->version = wv_xstrndup(name, stem);
    if (program)
        refuse_program(import, revision, path, "it is a program, not SQL");
    else
        read_node(import, revision, path);
}

bool wv_import_node_pg_migrate(struct wv_import *import, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (!wv_import_list(import->directory, "", false, &names, err))
        return false;
    for (size_t i = 0; i < names.count; i++)
        take_node(import, names.items[i]);
    wv_import_sort(import, by_time);
    wv_import_chain(import);
    return true;
}
