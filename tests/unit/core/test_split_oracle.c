/* Compares the splitter with PostgreSQL's own parser (libpg_query, the grammar of PostgreSQL 15),
 * over the corpus and over texts that are put together at random from pieces with every kind of
 * quote, comment and body. A text that this parser refuses is compared with nothing; in the corpus
 * those are named beyond_*: newer than PostgreSQL 15, no SQL, or a string that goes on after a line
 * comment, which the server takes and libpg_query's patched scanner does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pg_query.h>

#include "file_read.h"
#include "strbuf.h"

enum { ROUNDS = 3000, SEED = 20260114 };

static uint64_t random_state = SEED;

static size_t random_below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % limit);
}

/* The oracle's range without the blanks and comments around. */
static void trim(const char *text, size_t *begin, size_t *end)
{
    struct wv_lexer lexer;
    struct wv_token token;
    size_t base = *begin;
    bool any = false;
    wv_lexer_init(&lexer, text + base, *end - base);
    while (wv_lexer_next(&lexer, &token)) {
        if (token.kind == WV_TOKEN_LINE_COMMENT || token.kind == WV_TOKEN_BLOCK_COMMENT)
            continue;
        if (!any)
            *begin = (size_t)(token.text - text);
        any = true;
        *end = (size_t)(token.text - text) + token.length;
    }
    assert_true(any);
}

/* False: the oracle does not understand the text. */
static bool compare(const char *name, const char *text, size_t length)
{
    PgQuerySplitResult oracle = pg_query_split_with_parser(text);
    bool understood = oracle.error == NULL;
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements ours = {0};
    struct wv_place start = WV_PLACE_START;
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_split(text, length, start, &ours, &faults);
    if (understood) {
        if ((size_t)oracle.n_stmts != ours.count)
            print_error("%s: %d statements there, %zu here:\n%s\n", name, oracle.n_stmts,
                        ours.count, text);
        assert_int_equal(oracle.n_stmts, ours.count);
        for (size_t i = 0; i < ours.count; i++) {
            size_t begin = (size_t)oracle.stmts[i]->stmt_location;
            size_t end = begin + (size_t)oracle.stmts[i]->stmt_len;
            if (oracle.stmts[i]->stmt_len == 0)
                end = length;
            trim(text, &begin, &end);
            assert_int_equal(ours.items[i].text - text, begin);
            assert_int_equal(ours.items[i].length, end - begin);
        }
    }
    wv_statements_free(&ours);
    wv_problems_free(&problems);
    pg_query_free_split_result(oracle);
    return understood;
}

static void agrees_on_the_corpus(void **state)
{
    (void)state;
    const char *dir = WV_CORPUS "/sql/accept";
    DIR *stream = opendir(dir);
    assert_non_null(stream);
    struct wv_file_buffer buffer = {0};
    for (const struct dirent *item; (item = readdir(stream)) != NULL;) {
        const char *dot = strrchr(item->d_name, '.');
        if (dot == NULL || strcmp(dot, ".sql") != 0)
            continue;
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", dir, item->d_name);
        size_t length;
        struct wv_file_stamp stamp;
        assert_int_equal(wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp), 0);
        length = wv_text_normalise(buffer.data, length);
        buffer.data[length] = '\0';
        bool exempt = strncmp(item->d_name, "beyond_", 7) == 0;
        if (compare(item->d_name, buffer.data, length) == exempt) {
            print_error("%s: understood although exempt, or not understood\n", item->d_name);
            fail();
        }
    }
    (void)closedir(stream);
    wv_file_buffer_free(&buffer);
}

static const char *const expressions[] = {
    "1",
    "'a;b'",
    "'it''s'",
    "E'\\';'",
    "E'a'\n'\\';'",
    "'a'\n 'b;'",
    "$$;'$$",
    "$t$ $$ ; $u$ $t$",
    "U&'\\0061;'",
    "\"a;\"\"b\"",
    "U&\"c;\"",
    "b'01'",
    "x'1f'",
    "(1)",
    "((2))",
    "-1",
    "- -1",
    "2-/*;*/-1",
    "a.b",
    "$1",
    "1.5e-3",
    "array[1,2]",
    "a[1:2]",
    "a::text",
    "a<-1",
    "CASE WHEN a THEN 1 END",
    "(SELECT CASE a WHEN 1 THEN 2 END)",
    "f(a => 1, b := 2)",
    "a @> b",
    "'\\'",
    "E'\\\\'",
    "a ->> 'b'",
    "\xC3\xA9",
    "'\xC3\xA9;'",
    "interval '1 day'",
    "a #- b",
};

static const char *const templates[] = {
    "SELECT %s",
    "SELECT %s AS end",
    "INSERT INTO t VALUES (%s)",
    "CREATE TABLE t (a int DEFAULT (%s))",
    "CREATE VIEW v AS SELECT %s",
    "CREATE RULE r AS ON INSERT TO t DO (SELECT %s; SELECT 2)",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT %s; SELECT 2; END",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true "
    "THEN %s END; END",
    "CREATE PROCEDURE p() BEGIN ATOMIC END /* %s */",
    "CREATE FUNCTION f() RETURNS int RETURN %s",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN %s; END; $body$",
    "DO $x$ BEGIN PERFORM %s; END $x$",
    "UPDATE t SET a = %s WHERE (b)",
    "CREATE INDEX CONCURRENTLY i ON t ((%s))",
    "ROLLBACK TO SAVEPOINT a",
    "BEGIN",
    "COMMIT AND CHAIN",
    "CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT %s",
};

static const char *const separators[] = {
    ";",     ";",         ";\n",      " ; ",
    ";;",    ";-- c;'\n", "/* ; */;", ";/* a /* ' */ ; */",
    "\n;\t", " -- \"\n;", ";\n--\n",  ";/*/ ; */",
};

#define PICK(list) (list)[random_below(sizeof(list) / sizeof((list)[0]))]

/* The template with the expression in place of its %s. */
static void add_statement(struct wv_strbuf *out)
{
    const char *template = PICK(templates);
    const char *hole = strstr(template, "%s");
    if (hole == NULL) {
        wv_strbuf_adds(out, template);
        return;
    }
    wv_strbuf_add(out, template, (size_t)(hole - template));
    wv_strbuf_adds(out, PICK(expressions));
    for (size_t more = random_below(3); more > 0 && strstr(template, "SELECT %s") == template;
         more--)
        wv_strbuf_addf(out, ", %s", PICK(expressions));
    wv_strbuf_adds(out, hole + 2);
}

static void agrees_on_random_texts(void **state)
{
    (void)state;
    print_message("seed %d, %d rounds\n", SEED, ROUNDS);
    size_t understood = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_strbuf_adds(&text, random_below(3) == 0 ? "/* ; */ " : "");
        for (size_t count = random_below(8) + 1; count > 0; count--) {
            add_statement(&text);
            if (count > 1 || random_below(2) == 0)
                wv_strbuf_adds(&text, PICK(separators));
        }
        understood += compare("random", text.data, text.length);
    }
    print_message("%zu of them understood there\n", understood);
    assert_true(understood > ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_on_the_corpus),
        cmocka_unit_test(agrees_on_random_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
