/* Unit tests of how a dump is read: what two of them may differ in, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge_statements.h"

static char *read_dump(const char *dump)
{
    struct wv_strlist statements WV_AUTOSTRLIST = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_judge_statements(&statements, dump, NULL, &err));
    return wv_strlist_join(&statements, "\n--\n");
}

static void assert_same(const char *one, const char *other)
{
    char *left WV_AUTOFREE = read_dump(one);
    char *right WV_AUTOFREE = read_dump(other);
    assert_string_equal(left, right);
}

static void assert_different(const char *one, const char *other)
{
    char *left WV_AUTOFREE = read_dump(one);
    char *right WV_AUTOFREE = read_dump(other);
    assert_string_not_equal(left, right);
}

static void columns_options_and_statements_have_no_order(void **state)
{
    (void)state;
    assert_same("CREATE TABLE t (\n    a integer,\n    b numeric(4,2) DEFAULT 1\n);\n"
                "CREATE VIEW v AS SELECT 1;\n",
                "CREATE VIEW v AS SELECT 1;\n"
                "CREATE TABLE t (\n    b numeric(4,2) DEFAULT 1,\n    a integer\n);\n");
    assert_same("CREATE INDEX i ON t USING btree (a) WITH (fillfactor='70', x='1');",
                "CREATE INDEX i ON t USING btree (a) WITH (x='1', fillfactor='70');");
    assert_different("CREATE INDEX i ON t USING btree (a, b);",
                     "CREATE INDEX i ON t USING btree (b, a);");
    assert_different("CREATE TABLE t (\n)\nINHERITS (a, b);",
                     "CREATE TABLE t (\n)\nINHERITS (b, a);");
}

static void names_with_numbers_are_passed_over(void **state)
{
    (void)state;
    assert_same("ALTER TABLE public.p1 DISABLE TRIGGER \"RI_ConstraintTrigger_c_16408\";",
                "ALTER TABLE public.p1 DISABLE TRIGGER \"RI_ConstraintTrigger_c_17000\";");
    assert_different("ALTER TABLE public.p1 DISABLE TRIGGER a;",
                     "ALTER TABLE public.p1 DISABLE TRIGGER b;");
}

static void the_order_inside_of_a_column_counts(void **state)
{
    (void)state;
    static const char table[] = "CREATE TABLE t (\n    c text,\n    CONSTRAINT k CHECK (\nCASE\n%s"
                                "\nEND)\n);\n";
    char *one WV_AUTOFREE =
        wv_xasprintf(table, "    WHEN (c = 'a') THEN true\n    WHEN (c > 'a') THEN false");
    char *other WV_AUTOFREE =
        wv_xasprintf(table, "    WHEN (c > 'a') THEN false\n    WHEN (c = 'a') THEN true");
    assert_different(one, other);
    assert_different("CREATE TABLE t (\n    a integer[] DEFAULT ARRAY[1, 2]\n);",
                     "CREATE TABLE t (\n    a integer[] DEFAULT ARRAY[2, 1]\n);");
}

static void lines_inside_of_quotes_are_text(void **state)
{
    (void)state;
    static const char function[] = "CREATE FUNCTION f() RETURNS void LANGUAGE sql\n    AS $$%s\n"
                                   "UPDATE t\nSET a = 1$$;\nCREATE TABLE z (\n    a integer\n);\n";
    char *one WV_AUTOFREE = wv_xasprintf(function, "\n-- one");
    char *other WV_AUTOFREE = wv_xasprintf(function, "\n-- other");
    char *text WV_AUTOFREE = read_dump(one);
    assert_different(one, other);
    assert_non_null(strstr(text, "SET a = 1$$\n--\n"));
    assert_different("SELECT '\n\\restrict a\n';", "SELECT '\n\\restrict b\n';");
    assert_same("\\restrict a\n\nSELECT 1;\n\n\\unrestrict a\n",
                "\\restrict b\n\nSELECT 1;\n\n\\unrestrict b\n");
}

static void what_the_session_is_set_to_belongs_to_statements(void **state)
{
    (void)state;
    assert_different("SET default_tablespace = fast;\nCREATE TABLE t (\n);\n",
                     "SET default_tablespace = '';\nCREATE TABLE t (\n);\n");
    assert_different(
        "SET default_tablespace = fast;\nALTER TABLE ONLY t\n    ADD PRIMARY KEY (a);\n",
        "SET default_tablespace = '';\nALTER TABLE ONLY t\n    ADD PRIMARY KEY (a);\n");
    assert_different("SET default_table_access_method = heap2;\nCREATE TABLE t (\n);\n",
                     "SET default_table_access_method = heap;\nCREATE TABLE t (\n);\n");
    assert_different("SET SESSION AUTHORIZATION a;\nGRANT SELECT ON TABLE t TO c;\n"
                     "RESET SESSION AUTHORIZATION;\n",
                     "SET SESSION AUTHORIZATION b;\nGRANT SELECT ON TABLE t TO c;\n"
                     "RESET SESSION AUTHORIZATION;\n");
    assert_same("SET default_tablespace = fast;\nCREATE TABLE a (\n);\nCREATE TABLE b (\n);\n"
                "SET default_tablespace = '';\nCREATE TABLE c (\n);\nCREATE VIEW v AS SELECT 1;\n",
                "SET default_tablespace = '';\nCREATE TABLE c (\n);\n"
                "SET default_tablespace = fast;\nCREATE TABLE b (\n);\nCREATE TABLE a (\n);\n"
                "CREATE VIEW v AS SELECT 1;\n");
    assert_same("SET default_table_access_method = heap2;\nCREATE TABLE a (\n)\n"
                "PARTITION BY RANGE (a);\n",
                "SET default_table_access_method = heap;\nCREATE TABLE a (\n)\n"
                "PARTITION BY RANGE (a);\n");
}

static void what_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    struct wv_strlist statements WV_AUTOSTRLIST = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_judge_statements(&statements, "SELECT 1;\nSELECT 'a;\n", NULL, &err));
    assert_int_equal(err.code, WV_INTERNAL);
    assert_int_equal(err.problems.count, 1);
    assert_int_equal(err.problems.items[0].line, 2);
}

static void names_of_not_null_are_passed_over(void **state)
{
    (void)state;
    assert_same("CREATE TABLE a (\n    b integer DEFAULT 1 CONSTRAINT a_b_not_null NOT NULL,\n"
                "    CONSTRAINT \"it, is\" NOT NULL c,\n    d text\n);\n",
                "CREATE TABLE a (\n    b integer DEFAULT 1 NOT NULL,\n    NOT NULL c,\n"
                "    d text\n);\n");
    assert_different("CREATE TABLE a (b integer CONSTRAINT n NOT NULL);\n",
                     "CREATE TABLE a (b integer);\n");
    assert_different("CREATE TABLE a (b integer, CONSTRAINT n CHECK (b IS NOT NULL));\n",
                     "CREATE TABLE a (b integer, CONSTRAINT m CHECK (b IS NOT NULL));\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_options_and_statements_have_no_order),
        cmocka_unit_test(names_with_numbers_are_passed_over),
        cmocka_unit_test(the_order_inside_of_a_column_counts),
        cmocka_unit_test(names_of_not_null_are_passed_over),
        cmocka_unit_test(lines_inside_of_quotes_are_text),
        cmocka_unit_test(what_the_session_is_set_to_belongs_to_statements),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
