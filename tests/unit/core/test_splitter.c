/* Unit tests of the lexer and the splitter: one table of texts with the statements expected, one of
 * texts with the faults expected. The corpus and the comparison with PostgreSQL's own parser are in
 * test_split_corpus.c and test_split_oracle.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "splitter.h"
#include "strbuf.h"

static char *split(const char *text, size_t length)
{
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements statements = {0};
    struct wv_strbuf out = WV_STRBUF_INIT;
    struct wv_place start = WV_PLACE_START;
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_text_check(text, length, &faults);
    wv_split(text, length, start, &statements, &faults);
    for (size_t i = 0; i < statements.count; i++) {
        const struct wv_statement *s = &statements.items[i];
        wv_strbuf_addf(&out, "[%.*s]%s%s", (int)s->length, s->text,
                       (s->flags & WV_STATEMENT_NO_TRANSACTION) != 0 ? "A" : "",
                       (s->flags & WV_STATEMENT_NO_LOCK_TIMEOUT) != 0 ? "L" : "");
    }
    wv_problems_sort(&problems);
    for (size_t i = 0; i < problems.count; i++)
        wv_strbuf_addf(&out, "!%s@%d:%d", problems.items[i].kind, problems.items[i].line,
                       problems.items[i].column);
    wv_statements_free(&statements);
    wv_problems_free(&problems);
    return wv_strbuf_take(&out);
}

static void check(const char *text, const char *expected)
{
    char *got WV_AUTOFREE = split(text, strlen(text));
    if (strcmp(got, expected) != 0)
        print_error("for <%s>\n", text);
    assert_string_equal(got, expected);
}

static void splits_where_psql_does(void **state)
{
    (void)state;
    check("", "");
    check(" ;; -- nothing\n/* ; */ ;", "");
    check("SELECT 1; SELECT 2", "[SELECT 1][SELECT 2]");
    check("SELECT 1 -- c;\n ; /* x */ SELECT 2 /* y */", "[SELECT 1][SELECT 2]");
    check("SELEKT 2; foo;", "[SELEKT 2][foo]");
    check("SELECT ';', \";\", 'it''s;' ; x", "[SELECT ';', \";\", 'it''s;'][x]");
    check("SELECT '\\'; x", "[SELECT '\\'][x]");
    check("SELECT E'\\';', e'\\\\'; x", "[SELECT E'\\';', e'\\\\'][x]");
    check("SELECT E'a'\n'\\';'; x", "[SELECT E'a'\n'\\';'][x]");
    check("SELECT E'a' -- ;\n'\\';'; x", "[SELECT E'a' -- ;\n'\\';'][x]");
    check("SELECT E'a' '\\'; x", "[SELECT E'a' '\\'][x]");
    check("SELECT U&'\\0061;' UESCAPE '!', U&\";\", b';', x';', N';'; x",
          "[SELECT U&'\\0061;' UESCAPE '!', U&\";\", b';', x';', N';'][x]");
    check("SELECT $$;$$, $a$ ; $$ ; $b$ $a$; x", "[SELECT $$;$$, $a$ ; $$ ; $b$ $a$][x]");
    check("SELECT a$b$;c$b$; x", "[SELECT a$b$][c$b$][x]");
    check("EXECUTE p($1);x", "[EXECUTE p($1)][x]");
    check("/* a /* ; */ ; */ SELECT 1; x", "[SELECT 1][x]");
    check("SELECT 1 /*/ ; */; x", "[SELECT 1][x]");
    check("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); x",
          "[CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)][x]");
    check("SELECT 1*-- c;\n2; x", "[SELECT 1*-- c;\n2][x]");
    check("SELECT 1;\r\nSELECT\r\n2;\r\n", "[SELECT 1][SELECT\r\n2]");
    check("SELECT 1 -- c\rDROP TABLE t;", "[SELECT 1 -- c\rDROP TABLE t]");
    check("SELECT '\xC3\xA9;', \xC3\xA9; x", "[SELECT '\xC3\xA9;', \xC3\xA9][x]");
}

static void keeps_bodies_together(void **state)
{
    (void)state;
    check("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; x",
          "[CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END][x]");
    check("create or replace procedure p() begin atomic end; x",
          "[create or replace procedure p() begin atomic end][x]");
    check("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END; x",
          "[CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END][x]");
    check("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end, 2 end; END; x",
          "[CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end, 2 end; END][x]");
    check("CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'; x",
          "[CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'][x]");
    check("CREATE TABLE begin (atomic int); x", "[CREATE TABLE begin (atomic int)][x]");
    check("CREATE FUNCTION f() RETURNS int RETURN 1; x",
          "[CREATE FUNCTION f() RETURNS int RETURN 1][x]");
}

static void refuses_transaction_control(void **state)
{
    (void)state;
    check("BEGIN; x; COMMIT",
          "[BEGIN][x][COMMIT]!transaction_control@1:1!transaction_control@1:11");
    check("start transaction;\nEnd;\n  abort", "[start transaction][End][abort]"
                                               "!transaction_control@1:1!transaction_control@2:1"
                                               "!transaction_control@3:3");
    check("ROLLBACK", "[ROLLBACK]!transaction_control@1:1");
    check("ROLLBACK AND CHAIN", "[ROLLBACK AND CHAIN]!transaction_control@1:1");
    check("ROLLBACK PREPARED 'a'", "[ROLLBACK PREPARED 'a']!transaction_control@1:1");
    check("COMMIT PREPARED 'a'", "[COMMIT PREPARED 'a']!transaction_control@1:1");
    check("PREPARE TRANSACTION 'a'", "[PREPARE TRANSACTION 'a']!transaction_control@1:1");
    check("SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; RELEASE a",
          "[SAVEPOINT a][ROLLBACK TO a][ROLLBACK WORK TO SAVEPOINT a][RELEASE a]");
    check("PREPARE transaction AS SELECT 1; PREPARE p AS SELECT 1",
          "[PREPARE transaction AS SELECT 1][PREPARE p AS SELECT 1]");
    check("/* BEGIN */ SELECT begin; \"BEGIN\"", "[SELECT begin][\"BEGIN\"]");
    check("BE/**/GIN", "[BE/**/GIN]");
    check("(SELECT 1) COMMIT", "[(SELECT 1) COMMIT]");
}

static void refuses_what_cannot_be_sent(void **state)
{
    (void)state;
    check("COPY t FROM STDIN;\n1\t'\n\\.\nSELECT 2",
          "[COPY t FROM STDIN][SELECT 2]!copy_stdin@1:1");
    check("COPY t (a) from stdin WITH (FORMAT csv); x",
          "[COPY t (a) from stdin WITH (FORMAT csv)][x]!copy_stdin@1:1");
    check("COPY t FROM '/f'; COPY (SELECT 1 FROM stdin) TO '/f'",
          "[COPY t FROM '/f'][COPY (SELECT 1 FROM stdin) TO '/f']");
    check("1 COPY t FROM STDIN;\n'\n\\.\n",
          "[1 COPY t FROM STDIN]['\n\\.\n]!unterminated_quote@2:1");
    check("COPY t TO STDOUT", "[COPY t TO STDOUT]!copy_stdin@1:1");
    check("\\connect it's\nx; SELECT 1 \\gexec\ny", "[x][SELECT 1][y]!meta_command@1:1"
                                                    "!meta_command@2:13");
    check("SELECT '\\x', $$\\d$$, \"\\\"", "[SELECT '\\x', $$\\d$$, \"\\\"]");
    check("a;\n 'b", "[a]['b]!unterminated_quote@2:2");
    check("\xC3\xA9\xC3\xA9 \"b", "[\xC3\xA9\xC3\xA9 \"b]!unterminated_quote@1:4");
    check("$x$ $y$", "[$x$ $y$]!unterminated_quote@1:1");
    check("a /* /* */", "[a]!unterminated_comment@1:3");
    check("a ( (b); c", "[a ( (b); c]!unterminated_parenthesis@1:3");
    check("a ) ; b )", "[a )][b )]!unmatched_parenthesis@1:3!unmatched_parenthesis@1:9");
    check("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;\n",
          "[CREATE FUNCTION f() BEGIN ATOMIC SELECT "
          "1;]!unterminated_body@1:21");
    check("a \xFF\n\xC0\x80 b \xFF\n\xED\xA0\x80", "[a \xFF\n\xC0\x80 b \xFF\n\xED\xA0\x80]"
                                                   "!invalid_utf8@1:3!invalid_utf8@2:1"
                                                   "!invalid_utf8@3:1");
    char *got WV_AUTOFREE = split("a\0b", 3);
    assert_string_equal(got, "[a]!nul_byte@1:2");
}

static void classifies_what_stands_alone(void **state)
{
    (void)state;
    check("CREATE INDEX CONCURRENTLY i ON t (a)", "[CREATE INDEX CONCURRENTLY i ON t (a)]AL");
    check("create unique index concurrently if not exists i on t (a)",
          "[create unique index concurrently if not exists i on t (a)]AL");
    check("CREATE INDEX i ON t (concurrently)", "[CREATE INDEX i ON t (concurrently)]");
    check("DROP INDEX CONCURRENTLY i", "[DROP INDEX CONCURRENTLY i]AL");
    check("REINDEX INDEX CONCURRENTLY i", "[REINDEX INDEX CONCURRENTLY i]AL");
    check("REINDEX (VERBOSE, CONCURRENTLY) TABLE t", "[REINDEX (VERBOSE, CONCURRENTLY) TABLE t]AL");
    check("REINDEX (CONCURRENTLY off) TABLE t", "[REINDEX (CONCURRENTLY off) TABLE t]");
    check("REINDEX SCHEMA s; REINDEX TABLE t", "[REINDEX SCHEMA s]A[REINDEX TABLE t]");
    check("VACUUM; VACUUM (ANALYZE) t", "[VACUUM]A[VACUUM (ANALYZE) t]A");
    check("CLUSTER; CLUSTER VERBOSE; CLUSTER (VERBOSE); CLUSTER t; CLUSTER \"t\"",
          "[CLUSTER]A[CLUSTER VERBOSE]A[CLUSTER (VERBOSE)]A[CLUSTER t][CLUSTER \"t\"]");
    check("CREATE DATABASE a; DROP DATABASE a; CREATE TABLESPACE a LOCATION 'x'; "
          "DROP TABLESPACE a; ALTER SYSTEM SET a = 1; DISCARD ALL",
          "[CREATE DATABASE a]A[DROP DATABASE a]A[CREATE TABLESPACE a LOCATION 'x']A"
          "[DROP TABLESPACE a]A[ALTER SYSTEM SET a = 1]A[DISCARD ALL]A");
    check("ALTER DATABASE a SET TABLESPACE b; ALTER DATABASE a SET x = 1; DISCARD PLANS",
          "[ALTER DATABASE a SET TABLESPACE b]A[ALTER DATABASE a SET x = 1][DISCARD PLANS]");
    check("ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
          "[ALTER TABLE t DETACH PARTITION p CONCURRENTLY]AL");
    check("ALTER TABLE t DETACH PARTITION p; ALTER TABLE t DETACH PARTITION p FINALIZE",
          "[ALTER TABLE t DETACH PARTITION p][ALTER TABLE t DETACH PARTITION p FINALIZE]L");
    check("ALTER TABLE t VALIDATE CONSTRAINT c", "[ALTER TABLE t VALIDATE CONSTRAINT c]L");
    check("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "[REFRESH MATERIALIZED VIEW CONCURRENTLY v]");
    check("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p",
          "[CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p]A");
    check("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = false)",
          "[CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = false)]");
    check("ALTER SUBSCRIPTION s REFRESH PUBLICATION",
          "[ALTER SUBSCRIPTION s REFRESH PUBLICATION]A");
    check("ALTER SUBSCRIPTION s SET PUBLICATION p; ALTER SUBSCRIPTION s DISABLE",
          "[ALTER SUBSCRIPTION s SET PUBLICATION p]A[ALTER SUBSCRIPTION s DISABLE]");
}

static void knows_lines_and_columns(void **state)
{
    (void)state;
    const char text[] = "  a;\n-- c\n\t\xC3\xA9 ;b\n;/* x\n*/ c";
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements s = {0};
    struct wv_place start = {0, 7, 3};
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_split(text, strlen(text), start, &s, &faults);
    static const int places[][2] = {{7, 5}, {9, 2}, {9, 5}, {11, 4}};
    assert_int_equal(s.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(s.items[i].line, places[i][0]);
        assert_int_equal(s.items[i].column, places[i][1]);
    }
    wv_statements_free(&s);
}

/* Tokens must not depend on blanks: the checksum is made of them. */
static void check_tokens(const char *text, const char *expected)
{
    struct wv_lexer lexer;
    struct wv_token token;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_lexer_init(&lexer, text, strlen(text));
    while (wv_lexer_next(&lexer, &token))
        wv_strbuf_addf(&out, "%s%.*s", out.length > 0 ? "|" : "", (int)token.length, token.text);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void makes_the_servers_tokens(void **state)
{
    (void)state;
    check_tokens("a<-1", "a|<|-|1");
    check_tokens("a @-1", "a|@-|1");
    check_tokens("a+-+b", "a|+|-|+|b");
    check_tokens("a*+/*x*/b", "a|*|+|/*x*/|b");
    check_tokens("a::b:=c=>d", "a|::|b|:=|c|=>|d");
    check_tokens("1..2 1.5e-3x 0xFF 1_000 .5 $1 a.b", "1|..|2|1.5e-3x|0xFF|1_000|.5|$1|a|.|b");
    check_tokens("a[1:2]{$}", "a|[|1|:|2|]|{|$|}");
    check_tokens("--\n-- x\r\n-", "--|-- x|-");
}

/* Time for texts that are cruel to a splitter that looks back. Linear work takes milliseconds here,
 * quadratic work minutes; the bound only has to lie between. */
static void is_linear(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        size_t count;
    } cruel[] = {{"(", 1000000},
                 {"/*", 1000000},
                 {"+", 1000000},
                 {"$a", 500000},
                 {"'a'\n", 300000},
                 {"COPY t FROM STDIN;\n", 100000},
                 {"\\x\n", 300000},
                 {")", 1000000},
                 {"BEGIN;", 200000},
                 {"CREATE FUNCTION f() BEGIN ATOMIC ", 100000},
                 {"$a$ $b$ ", 200000},
                 {"INSERT INTO some_table (a, b, c) VALUES (1, 'two', $$three$$); "
                  "SELECT 1 /* c */;                                        ",
                  40000},
                 {"\xFF", 1000000}};
    clock_t began = clock();
    for (size_t i = 0; i < sizeof(cruel) / sizeof(cruel[0]); i++) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (size_t n = 0; n < cruel[i].count; n++)
            wv_strbuf_adds(&text, cruel[i].unit);
        struct wv_problems problems = {0};
        struct wv_faults faults;
        struct wv_statements statements = {0};
        struct wv_place start = WV_PLACE_START;
        wv_faults_init(&faults, &problems, NULL, text.data, start);
        wv_text_check(text.data, text.length, &faults);
        wv_split(text.data, text.length, start, &statements, &faults);
        assert_true(problems.count <= WV_FAULTS_MAX + 1);
        wv_statements_free(&statements);
        wv_problems_free(&problems);
    }
    assert_true(clock() - began < 20 * CLOCKS_PER_SEC);
}

static void normalises_text(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"\xEF\xBB\xBF"
                                            "a\r\nb\r\n",
                                            "a\nb\n"},
                                           {"a\rb\r", "a\rb\r"},
                                           {"a\r\r\nb", "a\r\nb"},
                                           {"", ""},
                                           {"\xEF\xBB\xBF\xEF\xBB\xBF;", ";"},
                                           {"\xEF\xBB\xBF", ""}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *text WV_AUTOFREE = wv_xstrdup(pairs[i][0]);
        size_t length = wv_text_normalise(text, strlen(text));
        assert_int_equal(length, strlen(pairs[i][1]));
        assert_memory_equal(text, pairs[i][1], length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_where_psql_does),
        cmocka_unit_test(keeps_bodies_together),
        cmocka_unit_test(refuses_transaction_control),
        cmocka_unit_test(refuses_what_cannot_be_sent),
        cmocka_unit_test(classifies_what_stands_alone),
        cmocka_unit_test(knows_lines_and_columns),
        cmocka_unit_test(makes_the_servers_tokens),
        cmocka_unit_test(is_linear),
        cmocka_unit_test(normalises_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
