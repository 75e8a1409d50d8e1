/* What is checked of every revision before a file is written: ids, and what its SQL would do to the
 * transaction that a step runs in. Adjusts what can be adjusted without a loss. */
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "import_scan.h"

/* A section under examination. */
struct subject {
    struct wv_import *import;
    struct wv_import_section *section;
    struct wv_scan scan;
    bool faulty;
};

/* A fault in a line of the section; for a lenient tool the section becomes a refusal instead. */
static void blame(struct subject *subject, int line, const char *kind, const char *message)
{
    struct wv_import_section *section = subject->section;
    if (subject->import->tool->lenient) {
        if (!subject->faulty)
            section->refusal = wv_xstrdup(message);
    } else {
        wv_problems_add(&subject->import->problems, kind, section->file, section->line + line - 1,
                        "%s", message);
    }
    subject->faulty = true;
}

static const char *statement_fault(enum wv_scan_kind kind, const char **word)
{
    switch (kind) {
    case WV_SCAN_BEGIN:
    case WV_SCAN_COMMIT:
    case WV_SCAN_CONTROL:
        *word = "transaction_control";
        return "begins or ends a transaction within the file, or with options: a revision is one "
               "transaction, begun and ended for it; split the file";
    case WV_SCAN_COPY:
        *word = "copy_stdin";
        return "COPY from standard input or to standard output is not possible in a revision: use "
               "INSERT, or a file of the server";
    case WV_SCAN_META:
        *word = "meta_command";
        return "a backslash outside of quotes: commands of psql cannot be sent to a server";
    case WV_SCAN_OPEN:
        *word = "unterminated";
        return "what begins here (a quote, comment, parenthesis or body) has no end";
    default:
        return NULL;
    }
}

/* Takes the statement out, with the line end behind it when nothing else is left on its line. */
static void cut(char *text, const struct wv_scan_statement *statement)
{
    size_t end = statement->end;
    bool first = statement->begin == 0 || text[statement->begin - 1] == '\n';
    if (first && text[end] == '\n')
        end++;
    memmove(text + statement->begin, text + end, strlen(text + end) + 1);
}

/* BEGIN; ... COMMIT; around the whole section says what holds anyway. */
static bool unwrap(struct subject *subject)
{
    const struct wv_scan *scan = &subject->scan;
    if (scan->count < 2 || scan->items[0].kind != WV_SCAN_BEGIN ||
        scan->items[scan->count - 1].kind != WV_SCAN_COMMIT)
        return false;
    for (size_t i = 1; i + 1 < scan->count; i++)
        if (scan->items[i].kind == WV_SCAN_BEGIN || scan->items[i].kind == WV_SCAN_COMMIT ||
            scan->items[i].kind == WV_SCAN_CONTROL)
            return false;
    subject->section->transaction = true;
    return true;
}

static void check_statements(struct subject *subject, bool wrapped)
{
    const struct wv_scan *scan = &subject->scan;
    for (size_t i = 0; i < scan->count; i++) {
        const char *word = NULL;
        const char *message = statement_fault(scan->items[i].kind, &word);
        bool edge = wrapped && (i == 0 || i + 1 == scan->count);
        if (message != NULL && !edge)
            blame(subject, scan->items[i].line, word, message);
    }
    if (scan->marker_line > 0)
        blame(subject, scan->marker_line, "bad_marker",
              "this comment would be read as a section marker: change it");
    if (scan->variable_line > 0 && subject->import->tool->psql)
        blame(subject, scan->variable_line, "psql_variable",
              "a variable of psql has no value in a revision: write the value itself");
}

static void note_off(const struct subject *subject, int line, const char *why)
{
    const struct wv_import_section *section = subject->section;
    wv_problems_add(&subject->import->notes, "transaction_off", section->file,
                    section->line + line - 1,
                    "%s, so the whole section of %zu statements runs without one: consider "
                    "splitting the revision",
                    why, subject->scan.count);
}

/* A statement that must stand outside of transactions takes its whole section with it. */
static void check_alone(struct subject *subject)
{
    const struct wv_scan *scan = &subject->scan;
    bool was_on = subject->section->transaction;
    for (size_t i = 0; i < scan->count && subject->section->transaction; i++) {
        if (scan->items[i].kind != WV_SCAN_ALONE)
            continue;
        subject->section->transaction = false;
        if (scan->count > 1)
            note_off(subject, scan->items[i].line, "this statement cannot run in a transaction");
    }
    if (!was_on && scan->count > 1 && subject->import->tool->lenient)
        note_off(subject, 1, "a part of this step ends its transaction");
}

static void check_section(struct wv_import *import, struct wv_import_section *section)
{
    if (!section->present || section->sql == NULL || section->refusal != NULL)
        return;
    struct subject subject = {.import = import, .section = section};
    wv_scan_sql(section->sql, &subject.scan);
    bool wrapped = unwrap(&subject);
    check_statements(&subject, wrapped);
    if (!subject.faulty) {
        check_alone(&subject);
        if (wrapped) {
            cut(section->sql, &subject.scan.items[subject.scan.count - 1]);
            cut(section->sql, &subject.scan.items[0]);
        }
    }
    wv_scan_free(&subject.scan);
}

static void check_id(struct wv_import *import, size_t index)
{
    const struct wv_import_revision *revision = &import->items[index];
    if (strlen(revision->id) > 32 || strpbrk(revision->id, " ,@-+:/") != NULL)
        wv_problems_add(&import->problems, "illegal_id", revision->source, 0,
                        "\"%s\" cannot be a revision id: 1 to 32 bytes without blanks, commas, "
                        "slashes and @ - + :",
                        revision->id);
    for (size_t i = 0; i < index; i++)
        if (strcmp(import->items[i].id, revision->id) == 0) {
            wv_problems_add(&import->problems, "duplicate_revision", revision->source, 0,
                            "is version %s, as %s is", revision->version, import->items[i].source);
            return;
        }
}

static void note_refusal(struct wv_import *import, const struct wv_import_revision *revision,
                         const struct wv_import_section *section, const char *name)
{
    if (section->refusal != NULL)
        wv_problems_add(&import->notes, "refuses", section->file, section->line,
                        "revision %s refuses to go %s until its SQL is written: %s", revision->id,
                        name, section->refusal);
}

void wv_import_check(struct wv_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        struct wv_import_revision *revision = &import->items[i];
        check_id(import, i);
        check_section(import, &revision->up);
        check_section(import, &revision->undo);
        note_refusal(import, revision, &revision->up, "up");
        note_refusal(import, revision, &revision->undo, "down");
    }
}
