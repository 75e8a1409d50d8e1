/* From the server's positions to line and column of the file. */
#include "cmocka_all.h"

#include "place.h"

static void check(const char *statement, struct wv_pg_position position, int line, int column)
{
    int got_line = 0;
    int got_column = 0;
    wv_pg_error_place(statement, 10, 3, &position, &got_line, &got_column);
    if (got_line != line || got_column != column)
        print_error("%d:%d instead of %d:%d\n", got_line, got_column, line, column);
    assert_int_equal(got_line, line);
    assert_int_equal(got_column, column);
}

#define STATEMENT(...) ((struct wv_pg_position){.position = (__VA_ARGS__)})
#define INTERNAL(query, at)                                                                        \
    ((struct wv_pg_position){.internal_query = (char *)(query), .internal_position = (at)})

static void test_nothing_known(void **state)
{
    (void)state;
    check("SELECT 1", (struct wv_pg_position){0}, 10, 3);
}

static void test_position(void **state)
{
    (void)state;
    check("SELEKT 1", STATEMENT(1), 10, 3);
    check("SELECT x", STATEMENT(8), 10, 10);
    check("SELECT\n  x", STATEMENT(10), 11, 3);
    check("SELECT\r\n  x", STATEMENT(11), 11, 3);
    /* The end of the text, and beyond. */
    check("SELECT", STATEMENT(7), 10, 9);
    check("SELECT", STATEMENT(700), 10, 9);
}

static void test_position_counts_characters(void **state)
{
    (void)state;
    check("SELECT '\xc3\xa9\xc3\xa9\xe2\x82\xac', x", STATEMENT(15), 10, 17);
    check("SELECT '\xf0\x9f\x90\x98\n', x", STATEMENT(14), 11, 4);
}

static const char function[] = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\n"
                               "BEGIN\n"
                               "  PERFORM 1;\n"
                               "  RETURN (SELECT no FROM t);\n"
                               "END $$";

static void test_internal_query(void **state)
{
    (void)state;
    check(function, INTERNAL("(SELECT no FROM t)", 9), 13, 18);
    check(function, INTERNAL("SELECT nowhere to be found", 8), 10, 3);
    check(function, INTERNAL("", 1), 10, 3);
}

static void test_internal_query_with_blanked_into(void **state)
{
    (void)state;
    check("DO $$\nDECLARE v int;\nBEGIN\n  SELECT a INTO v FROM no;\nEND $$",
          INTERNAL("SELECT a        FROM no", 22), 13, 24);
}

static void test_perform_is_sent_as_select(void **state)
{
    (void)state;
    check("DO $$\nBEGIN\n  perform no;\nEND $$", INTERNAL("SELECT no", 8), 12, 11);
}

static const char twice[] = "DO $body$\n"
                            "DECLARE n int;\n"
                            "BEGIN\n"
                            "  n := a + 1;\n"
                            "\n"
                            "  n := a + 1;\n"
                            "END $body$";

static void test_context_chooses_among_equal_queries(void **state)
{
    (void)state;
    struct wv_pg_position position = INTERNAL("a + 1", 1);
    check(twice, position, 13, 8);
    position.context = (char *)"PL/pgSQL function inline_code_block line 6 at assignment";
    check(twice, position, 15, 8);
}

static void test_context_alone(void **state)
{
    (void)state;
    struct wv_pg_position position = {
        .context = (char *)"PL/pgSQL-Funktion inline_code_block Zeile 4 bei RAISE"};
    check("DO $$\nBEGIN\n  NULL;\n  RAISE EXCEPTION 'x';\nEND $$", position, 13, 3);
    check("DO /* it's $x$ */ 'BEGIN\n  NULL;\n\n  RAISE; END'", position, 13, 3);
    check("DO -- $x$ '\n$$\nBEGIN\n\n  RAISE; END$$", position, 14, 3);
    /* A body that has not so many lines is not the one that is meant. */
    check("DO $$BEGIN END$$", position, 10, 3);
    /* Another function's line says nothing about this text. */
    position.context = (char *)"PL/pgSQL function other() line 2 at RAISE";
    check("SELECT\nother()", position, 10, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_position),
        cmocka_unit_test(test_position_counts_characters),
        cmocka_unit_test(test_internal_query),
        cmocka_unit_test(test_internal_query_with_blanked_into),
        cmocka_unit_test(test_perform_is_sent_as_select),
        cmocka_unit_test(test_context_chooses_among_equal_queries),
        cmocka_unit_test(test_context_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
