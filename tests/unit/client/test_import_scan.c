/* The client's look at SQL against wovend's splitter, which has the last word: over the splitter's
 * own corpus both cut at the same places, and what a revision cannot hold is seen by both. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import_scan.h"
#include "splitter.h"
#include "strbuf.h"
#include "strlist.h"

static char *read_file(const char *path)
{
    struct wv_strbuf text = WV_STRBUF_INIT;
    char block[4096];
    size_t count;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while ((count = fread(block, 1, sizeof(block), file)) > 0)
        wv_strbuf_add(&text, block, count);
    assert_int_equal(fclose(file), 0);
    /* A NUL ends what the importer reads: it refuses such a file before. */
    return wv_strbuf_take(&text);
}

static void list(const char *folder, struct wv_strlist *paths)
{
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (strstr(entry->d_name, ".sql") != NULL)
            wv_strlist_add_owned(paths, wv_xasprintf("%s/%s", folder, entry->d_name));
    closedir(directory);
    wv_strlist_sort(paths);
    assert_true(paths->count > 5);
}

static void compare(const char *path, const char *text, const struct wv_statements *expected,
                    const struct wv_scan *scan)
{
    if (scan->count != expected->count)
        fail_msg("%s: %zu statements, not %zu", path, scan->count, expected->count);
    for (size_t i = 0; i < scan->count; i++) {
        const struct wv_statement *statement = &expected->items[i];
        bool alone = (statement->flags & WV_STATEMENT_NO_TRANSACTION) != 0;
        bool subscription = memmem(statement->text, statement->length, "UBSCRIPTION", 11) != NULL ||
                            memmem(statement->text, statement->length, "ubscription", 11) != NULL;
        if (scan->items[i].begin != (size_t)(statement->text - text) ||
            scan->items[i].line != statement->line)
            fail_msg("%s: statement %zu begins at %zu", path, i, scan->items[i].begin);
        /* Which subscriptions can be made in a transaction is left to the splitter. */
        if (alone != (scan->items[i].kind == WV_SCAN_ALONE) && !subscription)
            fail_msg("%s:%d: alone is %d", path, statement->line, alone);
        if (scan->items[i].kind > WV_SCAN_ALONE)
            fail_msg("%s:%d: kind %d", path, statement->line, (int)scan->items[i].kind);
    }
}

static bool finds_fault(const struct wv_scan *scan)
{
    for (size_t i = 0; i < scan->count; i++)
        if (scan->items[i].kind > WV_SCAN_ALONE)
            return true;
    return false;
}

/* True when the splitter finds no fault in it. */
static bool check_text(const char *name, const char *text)
{
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_place start = WV_PLACE_START;
    struct wv_statements expected = {0};
    struct wv_scan scan = {0};
    wv_faults_init(&faults, &problems, name, text, start);
    wv_split(text, strlen(text), start, &expected, &faults);
    wv_scan_sql(text, &scan);
    bool clean = problems.count == 0;
    bool parenthesis = clean || strcmp(problems.items[0].kind, "unmatched_parenthesis") == 0;
    if (clean)
        compare(name, text, &expected, &scan);
    else if (!parenthesis && !finds_fault(&scan))
        fail_msg("%s: not seen: %s", name, problems.items[0].kind);
    wv_scan_free(&scan);
    wv_statements_free(&expected);
    wv_problems_free(&problems);
    return clean;
}

static void corpus_accepted(void **state)
{
    (void)state;
    struct wv_strlist paths = {0};
    list(WV_CORPUS "/sql/accept", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        char *text = read_file(paths.items[i]);
        text[wv_text_normalise(text, strlen(text))] = '\0';
        (void)check_text(paths.items[i], text);
        free(text);
    }
    wv_strlist_free(&paths);
}

static void corpus_rejected(void **state)
{
    (void)state;
    struct wv_strlist paths = {0};
    size_t missed = 0;
    list(WV_CORPUS "/sql/reject", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        char *text = read_file(paths.items[i]);
        struct wv_scan scan = {0};
        text[wv_text_normalise(text, strlen(text))] = '\0';
        wv_scan_sql(text, &scan);
        if (!finds_fault(&scan)) {
            print_message("not seen: %s\n", paths.items[i]);
            missed++;
        }
        wv_scan_free(&scan);
        free(text);
    }
    /* Encodings, and a parenthesis too many, are left to others. */
    assert_true(missed <= 3);
    wv_strlist_free(&paths);
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum wv_scan_kind kind;
    } rows[] = {
        {"BEGIN", WV_SCAN_BEGIN},
        {"begin work;", WV_SCAN_BEGIN},
        {"START TRANSACTION", WV_SCAN_BEGIN},
        {"BEGIN ISOLATION LEVEL SERIALIZABLE", WV_SCAN_CONTROL},
        {"START TRANSACTION READ ONLY", WV_SCAN_CONTROL},
        {"COMMIT", WV_SCAN_COMMIT},
        {"end transaction", WV_SCAN_COMMIT},
        {"COMMIT AND CHAIN", WV_SCAN_CONTROL},
        {"COMMIT PREPARED 'x'", WV_SCAN_CONTROL},
        {"ROLLBACK", WV_SCAN_CONTROL},
        {"ROLLBACK TO SAVEPOINT x", WV_SCAN_PLAIN},
        {"SAVEPOINT x", WV_SCAN_PLAIN},
        {"PREPARE transaction AS SELECT 1", WV_SCAN_CONTROL},
        {"PREPARE q AS SELECT 1", WV_SCAN_PLAIN},
        {"COPY t FROM STDIN", WV_SCAN_COPY},
        {"COPY t FROM '/x' WITH (DELIMITER 'STDIN')", WV_SCAN_PLAIN},
        {"\\i other.sql", WV_SCAN_META},
        {"SELECT 'open", WV_SCAN_OPEN},
        {"SELECT $a$ $b$", WV_SCAN_OPEN},
        {"SELECT (1", WV_SCAN_OPEN},
        {"CREATE INDEX CONCURRENTLY i ON t (x)", WV_SCAN_ALONE},
        {"CREATE INDEX i ON t (concurrently)", WV_SCAN_PLAIN},
        {"SELECT E'\\'; COMMIT; '", WV_SCAN_PLAIN},
        {"DO $$ BEGIN COMMIT; END $$", WV_SCAN_PLAIN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wv_scan scan = {0};
        wv_scan_sql(rows[i].sql, &scan);
        bool found = false;
        for (size_t j = 0; j < scan.count; j++)
            found = found || scan.items[j].kind == rows[i].kind;
        if (!found)
            fail_msg("%s", rows[i].sql);
        wv_scan_free(&scan);
    }
}

static void variables_and_markers(void **state)
{
    (void)state;
    struct wv_scan scan = {0};
    wv_scan_sql("SELECT 1::int, a[1:2], ':no', x := 3;\nSELECT :'name';\n-- woven:up\n", &scan);
    assert_int_equal(scan.variable_line, 2);
    assert_int_equal(scan.marker_line, 3);
    assert_int_equal(scan.count, 2);
    wv_scan_free(&scan);
}

/* Pieces that decide about where a statement ends. */
static const char *const pieces[] = {
    "SELECT 1",     ";",      " ",     "\n",     "'",
    "''",           "E'",     "\\",    "\"",     "$$",
    "$a$",          "(",      ")",     "--",     "/*",
    "*/",           "BEGIN",  "END",   "ATOMIC", "CREATE",
    "FUNCTION",     "COMMIT", "x",     "$1",     "COPY t FROM STDIN",
    "CONCURRENTLY", "INDEX",  "1.5e3", ":",      "\xC3\xA9"};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Of texts that the splitter takes without a fault, both see the same statements; what it refuses,
 * but for single parentheses, the client sees too. */
static void random_texts(void **state)
{
    (void)state;
    uint64_t seed = 20260114;
    size_t clean = 0;
    for (int round = 0; round < 200000; round++) {
        struct wv_strbuf sql = WV_STRBUF_INIT;
        size_t count = next_random(&seed) % 14;
        for (size_t i = 0; i < count; i++) {
            wv_strbuf_adds(&sql, pieces[next_random(&seed) % (sizeof(pieces) / sizeof(*pieces))]);
            if (next_random(&seed) % 2 == 0)
                wv_strbuf_addc(&sql, ' ');
        }
        char *text = wv_strbuf_take(&sql);
        clean += check_text(text, text);
        free(text);
    }
    assert_true(clean > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corpus_accepted), cmocka_unit_test(corpus_rejected),
        cmocka_unit_test(kinds),           cmocka_unit_test(variables_and_markers),
        cmocka_unit_test(random_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
