/* Unit tests of revision files: header, sections, options, names, checksums, scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "revision_file.h"
#include "strbuf.h"

static bool parse(const char *path, const char *text, struct wv_revision *revision,
                  struct wv_problems *problems)
{
    char *copy WV_AUTOFREE = wv_xstrdup(text);
    struct wv_checksum *checksum = wv_checksum_new();
    *revision = (struct wv_revision){0};
    bool done = wv_revision_parse(revision, path, copy, strlen(copy), checksum, problems);
    wv_checksum_free(checksum);
    return done;
}

static void good(const char *path, const char *text, struct wv_revision *revision)
{
    struct wv_problems problems = {0};
    bool done = parse(path, text, revision, &problems);
    if (problems.count > 0)
        print_error("%s:%d: %s\n", problems.items[0].kind, problems.items[0].line,
                    problems.items[0].message);
    assert_true(done);
    assert_int_equal(problems.count, 0);
}

static void bad(const char *path, const char *text, const char *expected)
{
    struct wv_problems problems = {0};
    struct wv_revision revision;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    assert_false(parse(path, text, &revision, &problems));
    wv_problems_sort(&problems);
    for (size_t i = 0; i < problems.count; i++) {
        wv_strbuf_addf(&out, "%s%s:%d", i > 0 ? " " : "", problems.items[i].kind,
                       problems.items[i].line);
        assert_string_equal(problems.items[i].file, path);
    }
    if (strcmp(wv_strbuf_text(&out), expected) != 0)
        print_error("for <%s>\n", text);
    assert_string_equal(wv_strbuf_text(&out), expected);
    wv_problems_free(&problems);
    wv_revision_free(&revision);
}

static void reads_a_whole_file(void **state)
{
    (void)state;
    struct wv_revision r;
    good("v/sub/3c1f_add_vaults.sql",
         "\xEF\xBB\xBF-- message:  Add vaults: the table \r\n"
         "-- Note: this is a free comment\r\n"
         "-- revision: 3c1f\r\n"
         "-- down_revision: 1f80 ,a2,  1f80\r\n"
         "--branch_labels: solo, my-label\r\n"
         "-- depends_on:\r\n"
         "-- https://example.org is free, too\r\n"
         "/* and\n-- revision: this */\r\n"
         "-- create_date: 2026-01-14T09:12:00Z\r\n\r\n"
         "-- woven:up lock_timeout=500ms\r\n"
         "CREATE TABLE vaults (id int);\r\nSELECT '\n-- woven:down\n', $$\n-- woven:down\n$$;\r\n"
         "/*\n-- woven:down\n*/\r\n"
         "  --   woven:down transaction=off statement_timeout=0\r\n"
         "VACUUM",
         &r);
    assert_string_equal(r.id, "3c1f");
    assert_string_equal(r.message, "Add vaults: the table");
    assert_string_equal(r.create_date, "2026-01-14T09:12:00Z");
    assert_string_equal(r.path, "v/sub/3c1f_add_vaults.sql");
    assert_int_equal(r.down.count, 2);
    assert_string_equal(r.down.items[1], "a2");
    assert_int_equal(r.labels.count, 2);
    assert_string_equal(r.labels.items[1], "my-label");
    assert_int_equal(r.depends_on.count, 0);
    assert_int_equal(r.id_line, 3);
    assert_int_equal(r.down_line, 4);
    assert_int_equal(r.labels_line, 5);
    assert_int_equal(r.depends_line, 6);
    assert_true(r.has_down && r.up_transaction && !r.down_transaction);
    assert_int_equal(r.up_statements, 2);
    assert_int_equal(r.down_statements, 1);
    struct wv_revision copy;
    wv_revision_copy(&copy, &r);
    wv_revision_free(&r);
    assert_string_equal(copy.down.items[0], "1f80");
    wv_revision_free(&copy);
}

static void tells_empty_from_absent_down(void **state)
{
    (void)state;
    struct wv_revision r;
    good("a.sql", "-- revision: a\n-- woven:up\n", &r);
    assert_false(r.has_down);
    assert_string_equal(r.message, "");
    wv_revision_free(&r);
    good("a.sql", "-- revision: a\n-- woven:up\n-- woven:down", &r);
    assert_true(r.has_down);
    assert_int_equal(r.down_statements, 0);
    wv_revision_free(&r);
}

static void reports_every_fault_of_the_header(void **state)
{
    (void)state;
    bad("a.sql", "", "missing_revision:1 missing_up:1");
    bad("a.sql", "-- revision:\n-- woven:up", "missing_revision:1");
    bad("a.sql", "-- revision: a\n-- revision: b\n-- author: me\n-- a_b:\n-- woven:up",
        "duplicate_key:2 unknown_key:3 unknown_key:4");
    bad("b.sql", "-- revision: a\n-- woven:up", "name_mismatch:1");
    bad("ab.sql", "-- revision: a\n-- woven:up", "name_mismatch:1");
    bad("rev:1.sql", "-- revision: rev:1\n-- woven:up", "illegal_id:1");
    bad("a.sql", "-- revision: a b\n-- woven:up", "illegal_id:1");
    bad("head.sql", "-- revision: head\n-- woven:up", "illegal_id:1");
    bad("a.sql",
        "-- revision: a\n-- down_revision: b,,c-d\n-- depends_on: e f\n-- branch_labels: g@h\n"
        "-- woven:up",
        "bad_list:2 illegal_id:2 illegal_id:3 illegal_label:4");
    bad("a.sql", "-- revision: a\nSELECT 1;\nSELECT 2;\n-- woven:up\n\\x",
        "text_outside_section:2 meta_command:5");
    bad("a.sql", "-- revision: a\n/* open\n-- woven:up", "missing_up:1 unterminated_comment:2");
    bad("a.sql", "-- revision: a\n-- woven:up\nSELECT '\xFF';\n", "invalid_utf8:3");
}

static void keeps_messages_short_and_clean(void **state)
{
    (void)state;
    struct wv_problems problems = {0};
    struct wv_revision revision;
    char id[2000];
    memset(id, 'x', sizeof(id));
    id[sizeof(id) - 1] = '\0';
    id[5] = '\xFF';
    char *text WV_AUTOFREE = wv_xasprintf("-- revision: %s\n-- woven:up\n", id);
    assert_false(parse("a.sql", text, &revision, &problems));
    wv_problems_sort(&problems);
    assert_string_equal(problems.items[0].kind, "illegal_id");
    assert_memory_equal(problems.items[0].message, "\"xxxxx?xx", 9);
    assert_true(strlen(problems.items[0].message) <= 400);
    wv_problems_free(&problems);
    struct wv_strbuf many WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&many, "-- revision: a\n-- down_revision: a0");
    for (int i = 1; i < 100000; i++)
        wv_strbuf_addf(&many, ",a%d", i);
    bad("a.sql", wv_strbuf_text(&many), "missing_up:1 bad_list:2");
}

static void reports_every_fault_of_the_sections(void **state)
{
    (void)state;
    const char *start = "-- revision: a\n";
    static const char *const cases[][2] = {
        {"-- woven:up\n-- woven:up\n-- woven:down\n-- woven:down\n",
         "duplicate_section:3 duplicate_section:5"},
        {"-- woven:down\n", "missing_up:1"},
        {"-- woven:upp\nBEGIN;\n-- woven:up\n", "bad_marker:2 transaction_control:3"},
        {"-- woven: up\n-- woven:up\n", "bad_marker:2"},
        {"-- woven:up\nSELECT 1; -- woven:down\n", "bad_marker:3"},
        {"-- woven:up transaction=maybe x=1 lock_timeout transaction=on\n",
         "bad_option:2 bad_option:2 bad_option:2 bad_option:2"},
        {"-- woven:up lock_timeout=0 statement_timeout=5x\n", "bad_option:2 bad_option:2"},
        {"-- woven:up statement_timeout=30000000s\n", "bad_option:2"},
        {"-- woven:up\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON t (a);\n-- woven:down\nVACUUM;",
         "transaction_control:3 needs_transaction_off:4 needs_transaction_off:6"},
        {"-- woven:up\nSELECT (1;\n-- woven:down\nSELECT 'x;",
         "unterminated_parenthesis:3 unterminated_quote:5"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text WV_AUTOFREE = wv_xasprintf("%s%s", start, cases[i][0]);
        bad("a_b.sql", text, cases[i][1]);
    }
}

static void passes_over_files_of_others(void **state)
{
    (void)state;
    bad("my-functions.sql", "CREATE FUNCTION f() BEGIN;", "");
    bad("_x.sql", "SELECT 1", "");
    bad("my-functions.sql", "-- revision: x\n", "missing_up:1 name_mismatch:1");
    bad("my-functions.sql", "-- woven:up\n", "missing_revision:1");
}

static void checks_ids(void **state)
{
    (void)state;
    static const char *const ids[] = {"a", "1", "3c1f0a9b7d52", "\xC3\xA9",
                                      "12345678901234567890123456789012"};
    static const char *const others[] = {
        "",      "a b",  "a,b",     "a@b",
        "a-b",   "a+b",  "a:b",     "a/b",
        ".a",    "a\tb", "a\x7F",   "head",
        "heads", "base", "current", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        assert_true(wv_revision_id_valid(ids[i]));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(wv_revision_id_valid(others[i]));
}

static void sum_of(const char *sections, unsigned char sum[WV_CHECKSUM_SIZE])
{
    struct wv_revision r;
    char *text WV_AUTOFREE = wv_xasprintf("-- revision: a\n%s", sections);
    good("a.sql", text, &r);
    memcpy(sum, r.checksum, WV_CHECKSUM_SIZE);
    wv_revision_free(&r);
}

static bool same_sum(const char *left, const char *right)
{
    unsigned char a[WV_CHECKSUM_SIZE];
    unsigned char b[WV_CHECKSUM_SIZE];
    sum_of(left, a);
    sum_of(right, b);
    return memcmp(a, b, sizeof(a)) == 0;
}

static void sums_tokens_not_layout(void **state)
{
    (void)state;
    const char *one = "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y');\n"
                      "-- woven:down\nDROP TABLE t;\n";
    assert_true(same_sum(one, "-- woven:up transaction=on\r\n-- c\r\nCREATE /* c */ TABLE t(a int,"
                              "b\r\ntext DEFAULT 'x y');-- woven\n--woven:down\nDROP TABLE t;"));
    static const char *const edits[] = {
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x  y');\n-- woven:down\nDROP TABLE t;",
        "-- woven:up\nCREATE TABLE t (ab int, text DEFAULT 'x y');\n-- woven:down\nDROP TABLE t;",
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y');\n-- woven:down\nDROP TABLE s;",
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y')\n-- woven:down\nDROP TABLE t;",
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y');DROP TABLE t;\n-- woven:down\n",
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y');DROP TABLE t;\n",
        "-- woven:up\nCREATE TABLE t (a int, b text DEFAULT 'x y');\n-- woven:down "
        "lock_timeout=1s\n"
        "DROP TABLE t;",
    };
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
        assert_false(same_sum(one, edits[i]));
    assert_true(same_sum("-- woven:up lock_timeout=2s", "-- woven:up  lock_timeout=2000ms \n"));
    assert_true(same_sum("-- woven:up\nSELECT 'a\r\nb'", "-- woven:up\nSELECT 'a\nb'"));
    assert_true(same_sum("-- woven:up\na<-1", "-- woven:up\na < - 1"));
    assert_false(same_sum("-- woven:up\na b", "-- woven:up\nab"));
    assert_false(same_sum("-- woven:up\n", "-- woven:up\n-- woven:down\n"));
}

static void hex_goes_both_ways(void **state)
{
    (void)state;
    unsigned char sum[WV_CHECKSUM_SIZE];
    unsigned char back[WV_CHECKSUM_SIZE];
    char hex[WV_CHECKSUM_HEX];
    for (size_t i = 0; i < sizeof(sum); i++)
        sum[i] = (unsigned char)(i * 9);
    wv_checksum_hex(sum, hex);
    assert_memory_equal(hex, "0009121b", 8);
    assert_true(wv_checksum_from_hex(hex, back));
    assert_memory_equal(sum, back, sizeof(sum));
    hex[5] = 'g';
    assert_false(wv_checksum_from_hex(hex, back));
    hex[5] = '\0';
    assert_false(wv_checksum_from_hex(hex, back));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void reads_the_sql_again(void **state)
{
    (void)state;
    char path[] = "/tmp/wovXXXXXX_x.sql";
    int fd = mkstemps(path, 6);
    assert_true(fd >= 0);
    (void)close(fd);
    char *id WV_AUTOFREE = wv_xstrndup(path + 5, 9);
    const char *body =
        "\n\n-- woven:up transaction=off lock_timeout=3s\nSELECT 1;\n\n  SELECT 2\n\n"
        "-- woven:down\nSELECT 3;\n";
    char *text WV_AUTOFREE = wv_xasprintf("-- revision: %s%s", id, body);
    char *spaced WV_AUTOFREE = wv_xasprintf("-- revision: %s\n-- c%s", id, body);
    char *edited WV_AUTOFREE = wv_xasprintf("-- revision: %s%sx", id, body);
    char *broken WV_AUTOFREE = wv_xasprintf("-- revision: %s%s'", id, body);
    struct wv_revision r;
    struct wv_revision_sql sql;
    struct wv_err err WV_AUTOERR = {0};
    good(path, text, &r);
    write_file(path, spaced);
    assert_true(wv_revision_read_sql(&sql, &r, &err));
    assert_true(sql.has_down);
    assert_string_equal(sql.up.text, "-- woven:up transaction=off lock_timeout=3s\nSELECT 1;\n\n"
                                     "  SELECT 2");
    assert_string_equal(sql.down.text, "-- woven:down\nSELECT 3;");
    assert_false(sql.up.transaction);
    assert_int_equal(sql.up.lock_timeout_ms, 3000);
    assert_int_equal(sql.up.statement_timeout_ms, -1);
    assert_int_equal(sql.up.statements.count, 2);
    assert_memory_equal(sql.up.statements.items[1].text, "SELECT 2", 8);
    assert_int_equal(sql.up.statements.items[1].line, 7);
    assert_int_equal(sql.up.statements.items[1].column, 3);
    assert_int_equal(sql.down.statements.items[0].line, 10);
    assert_int_equal(sql.down.line, 9);
    wv_revision_sql_free(&sql);
    write_file(path, edited);
    assert_false(wv_revision_read_sql(&sql, &r, &err));
    assert_int_equal(err.code, WV_FILE_CHANGED);
    assert_int_equal(err.problems.count, 0);
    write_file(path, broken);
    assert_false(wv_revision_read_sql(&sql, &r, &err));
    assert_int_equal(err.code, WV_FILE_CHANGED);
    assert_int_equal(err.problems.count, 1);
    assert_int_equal(unlink(path), 0);
    assert_false(wv_revision_read_sql(&sql, &r, &err));
    assert_int_equal(err.code, WV_FILE_CHANGED);
    wv_revision_free(&r);
}

static void runs_stored_sql(void **state)
{
    (void)state;
    struct wv_script script;
    struct wv_err err WV_AUTOERR = {0};
    const char *stored = "-- woven:down transaction=off statement_timeout=5min\nSELECT 1;\nVACUUM";
    assert_true(wv_script_parse_text(&script, stored, strlen(stored), &err));
    assert_string_equal(script.text, stored);
    assert_false(script.transaction);
    assert_int_equal(script.statement_timeout_ms, 300000);
    assert_int_equal(script.statements.count, 2);
    assert_int_equal(script.statements.items[1].line, 3);
    assert_int_equal(script.statements.items[1].flags, WV_STATEMENT_NO_TRANSACTION);
    wv_script_free(&script);
    assert_true(wv_script_parse_text(&script, "DROP TABLE t", 12, &err));
    assert_true(script.transaction);
    assert_int_equal(script.statements.count, 1);
    wv_script_free(&script);
    assert_true(wv_script_parse_text(&script, "", 0, &err));
    assert_int_equal(script.statements.count, 0);
    wv_script_free(&script);
    assert_false(wv_script_parse_text(&script, "a\0b;COMMIT", 10, &err));
    assert_int_equal(err.code, WV_LOAD_ERROR);
    assert_int_equal(err.problems.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_whole_file),
        cmocka_unit_test(tells_empty_from_absent_down),
        cmocka_unit_test(reports_every_fault_of_the_header),
        cmocka_unit_test(keeps_messages_short_and_clean),
        cmocka_unit_test(reports_every_fault_of_the_sections),
        cmocka_unit_test(passes_over_files_of_others),
        cmocka_unit_test(checks_ids),
        cmocka_unit_test(sums_tokens_not_layout),
        cmocka_unit_test(hex_goes_both_ways),
        cmocka_unit_test(reads_the_sql_again),
        cmocka_unit_test(runs_stored_sql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
