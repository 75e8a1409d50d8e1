/* The command line: words, options anywhere, targets that begin with a dash, suggestions, help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "args.h"
#include "display.h"
#include "help.h"

enum { MOST = 16 };

/* Parses a command line given with blanks between its words; "_" is an empty word. */
static bool parse(struct wv_args *args, const char *line, struct wv_err *err)
{
    char copy[256];
    char *argv[MOST + 1] = {(char *)"wovenctl"};
    int argc = 1;
    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(argc < MOST);
        argv[argc++] = strcmp(word, "_") == 0 ? (char *)"" : word;
    }
    *args = (struct wv_args){0};
    return wv_args_parse(args, argc, argv, err);
}

static void expect(const char *line, const char *command, const char *words)
{
    struct wv_args args;
    struct wv_err err WV_AUTOERR = {0};
    if (!parse(&args, line, &err))
        fail_msg("%s: %s", line, err.message);
    assert_non_null(args.cmd);
    assert_string_equal(args.cmd->name, command);
    char *joined WV_AUTOFREE = wv_strlist_join(&args.words, "|");
    assert_string_equal(joined, words);
    wv_args_free(&args);
}

static void refuse(const char *line, const char *message, const char *hint)
{
    struct wv_args args;
    struct wv_err err WV_AUTOERR = {0};
    if (parse(&args, line, &err))
        fail_msg("%s: should be refused", line);
    assert_int_equal(err.code, WV_USAGE);
    assert_string_equal(err.message, message);
    if (hint != NULL)
        assert_string_equal(err.hint, hint);
    wv_args_free(&args);
}

static void test_words(void **state)
{
    (void)state;
    expect("migrate status", "status", "");
    expect("migrate upgrade", "upgrade", "");
    expect("migrate upgrade head", "upgrade", "head");
    expect("migrate downgrade -1", "downgrade", "-1");
    expect("migrate downgrade --tag x -12", "downgrade", "-12");
    expect("migrate stamp a b --purge", "stamp", "a|b");
    expect("--tag x migrate upgrade a@head", "upgrade", "a@head");
    expect("-q migrate --socket /x upgrade +2 --single-transaction", "upgrade", "+2");
    expect("migrate show -- -v", "show", "-v");
    expect("migrate plan downgrade -2", "plan", "downgrade|-2");
    expect("daemon ping --timeout=500ms", "ping", "");
    /* What is behind the name of the command to run is that command's. */
    expect("run-locked alembic upgrade head --sql -x", "run-locked",
           "alembic|upgrade|head|--sql|-x");
    expect("--json run-locked --tag x -- a -- -b --json=1", "run-locked", "a|--|-b|--json=1");
    expect("run-locked -- --odd-name", "run-locked", "--odd-name");
}

static void test_values(void **state)
{
    (void)state;
    struct wv_args args;
    struct wv_err err WV_AUTOERR = {0};
    assert_true(parse(&args, "migrate history -vi -r -3:current", &err));
    assert_true(wv_args_has(&args, WV_OPT_VERBOSE));
    assert_true(wv_args_has(&args, WV_OPT_INDICATE_CURRENT));
    assert_string_equal(wv_args_value(&args, WV_OPT_REV_RANGE), "-3:current");
    wv_args_free(&args);
    assert_true(parse(&args, "migrate history -r-3: --rev-range=a:b", &err));
    assert_int_equal(args.values[WV_OPT_REV_RANGE].count, 2);
    assert_string_equal(args.values[WV_OPT_REV_RANGE].items[0], "-3:");
    assert_string_equal(wv_args_value(&args, WV_OPT_REV_RANGE), "a:b");
    wv_args_free(&args);
    assert_true(parse(&args, "migrate plan a --from _ --from=b,c", &err));
    assert_int_equal(args.values[WV_OPT_FROM].count, 2);
    assert_string_equal(args.values[WV_OPT_FROM].items[0], "");
    wv_args_free(&args);
    assert_true(parse(&args, "migrate plan downgrade a --from b c --json", &err));
    assert_int_equal(args.values[WV_OPT_FROM].count, 2);
    assert_int_equal(args.words.count, 2);
    wv_args_free(&args);
    assert_true(parse(&args, "migrate plan downgrade --from b c", &err));
    assert_int_equal(args.values[WV_OPT_FROM].count, 1);
    assert_string_equal(args.words.items[1], "c");
    wv_args_free(&args);
    assert_true(parse(&args, "migrate upgrade --timeout 2min", &err));
    assert_int_equal(args.timeout_ms, 120000);
    wv_args_free(&args);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("", "no command given", NULL);
    refuse("migrate", "`wovenctl migrate` needs a command", "`wovenctl migrate --help` lists them");
    refuse("migrate statsu", "unknown command \"migrate statsu\"",
           "did you mean `wovenctl migrate status`?");
    refuse("migrate upgarde", "unknown command \"migrate upgarde\"",
           "did you mean `wovenctl migrate upgrade`?");
    refuse("history", "unknown command \"history\"", "did you mean `wovenctl migrate history`?");
    refuse("migrate xyzzy", "unknown command \"migrate xyzzy\"",
           "`wovenctl --help` lists the commands");
    refuse("migrate upgrade --tga x", "unknown option --tga", "did you mean --tag?");
    refuse("migrate upgrade --tag", "--tag needs a value", NULL);
    refuse("migrate current --purge", "`migrate current` has no option --purge", NULL);
    refuse("migrate current -x", "unknown option -x", NULL);
    refuse("migrate current --verbose=1", "--verbose takes no value", NULL);
    refuse("migrate downgrade", "`migrate downgrade` needs TARGET",
           "usage: wovenctl migrate downgrade TARGET");
    refuse("migrate downgrade a b", "`migrate downgrade` takes no further argument \"b\"", NULL);
    refuse("run-locked", "`run-locked` needs COMMAND [ARGUMENT...]",
           "usage: wovenctl run-locked COMMAND [ARGUMENT...]");
    refuse("run-locked --purge a", "`run-locked` has no option --purge",
           "`wovenctl run-locked --help` lists its options");
    refuse("run-lokced a", "unknown command \"run-lokced\"", "did you mean `wovenctl run-locked`?");
    refuse("_", "unknown command \"\"", NULL);
    refuse("migrate status --timeout 0", "--timeout takes no such time: \"0\"", NULL);
    refuse("migrate status --timeout 5d", "--timeout takes no such time: \"5d\"", NULL);
    refuse("migrate status --timeout 99999999h", "--timeout takes no such time: \"99999999h\"",
           NULL);
}

/* The error is to come as JSON wherever --json stands. */
static void test_json_is_seen(void **state)
{
    (void)state;
    struct wv_args args;
    struct wv_err err WV_AUTOERR = {0};
    assert_false(parse(&args, "migrate --bad-option status --json", &err));
    assert_true(wv_args_has(&args, WV_OPT_JSON));
    wv_args_free(&args);
}

static void test_help(void **state)
{
    (void)state;
    struct wv_args args;
    struct wv_err err WV_AUTOERR = {0};
    static const char *const lines[] = {"--help",
                                        "migrate --help",
                                        "migrate upgrade --help",
                                        "help migrate upgrade",
                                        "migrate downgrade -h",
                                        "--version",
                                        "help"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (!parse(&args, lines[i], &err))
            fail_msg("%s: %s", lines[i], err.message);
        assert_true(args.help || wv_args_has(&args, WV_OPT_VERSION));
        wv_args_free(&args);
    }
    refuse("help migrate upgarde", "unknown command \"migrate upgarde\"", NULL);
}

/* Every row is documented and its help fits a terminal of 97 columns. */
static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < wv_cmd_count; i++) {
        const struct wv_cmd *cmd = &wv_cmds[i];
        assert_non_null(cmd->run);
        assert_true(cmd->help[0] >= 'a' && cmd->help[0] <= 'z');
        assert_ptr_equal(wv_cmd_find(cmd->group, cmd->name), cmd);
        assert_int_equal(cmd->options & WV_OPTS_GLOBAL, 0);
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_help_command(&text, cmd);
        assert_non_null(strstr(text.data, cmd->name));
        for (char *line = strtok(text.data, "\n"); line != NULL; line = strtok(NULL, "\n"))
            if (strlen(line) > 97)
                fail_msg("too wide: %s", line);
    }
    for (int i = 0; i < WV_OPT_COUNT; i++)
        assert_non_null(wv_opts[i].help);
}

static void test_list_golden(void **state)
{
    (void)state;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_help_list(&text);
    assert_non_null(strstr(
        text.data,
        "migrate downgrade\t--socket --project --json --quiet --timeout --help "
        "--version --sql --tag --single-transaction --no-hand-over\ttake the database down to a "
        "target\n"));
}

static void test_durations(void **state)
{
    (void)state;
    int64_t ms = 7;
    assert_true(wv_args_duration("90s", &ms) && ms == 90000);
    assert_true(wv_args_duration("2min", &ms) && ms == 120000);
    assert_true(wv_args_duration("500ms", &ms) && ms == 500);
    assert_true(wv_args_duration("30", &ms) && ms == 30000);
    assert_true(wv_args_duration("1h", &ms) && ms == 3600000);
    static const char *const wrong[] = {"", "s", "-1", "1.5s", "1 s", "+3", "0ms", "10000h"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(wv_args_duration(wrong[i], &ms));
}

static void display(const char *text, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_add(&out, text);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void test_display(void **state)
{
    (void)state;
    display("plain \xc3\xa9 \xe6\xbc\xa2", "plain \xc3\xa9 \xe6\xbc\xa2");
    display("a\033[31mb", "a\\x1b[31mb");
    display("a\r\n\tb\x7f", "a\\r\\n\\tb\\x7f");
    display("\xc2\x9b"
            "31m",
            "\\u009b31m");
    display("\xe2\x80\xae", "\\u202e");
    display("\xff\xc0\x80\xed\xa0\x80", "\\xff\\xc0\\x80\\xed\\xa0\\x80");
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_add_line(&out, "  create\n\ttable\r\n  x \n");
    assert_string_equal(out.data, "create table x");
    wv_display_cut(&out, 0, 10);
    assert_string_equal(out.data, "create ...");
    wv_strbuf_reset(&out);
    wv_display_add_block(&out, "a\tb\r\n\nc", "> ");
    assert_string_equal(out.data, "> a       b\n> \n> c\n");
    assert_int_equal(wv_display_width("\xe6\xbc\xa2"
                                      "e\xcc\x81"),
                     3);
    wv_strbuf_reset(&out);
    wv_strbuf_adds(&out, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2");
    wv_display_cut(&out, 0, 5);
    assert_string_equal(out.data, "\xe6\xbc\xa2...");
}

static void duration(int64_t ms, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_duration(&out, ms);
    assert_string_equal(out.data, expected);
}

static void test_display_duration(void **state)
{
    (void)state;
    duration(-5, "0 ms");
    duration(12, "12 ms");
    duration(1250, "1.2 s");
    duration(184000, "3 min 4 s");
    duration(7500000, "2 h 5 min");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),       cmocka_unit_test(test_values),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_json_is_seen),
        cmocka_unit_test(test_help),        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_list_golden), cmocka_unit_test(test_durations),
        cmocka_unit_test(test_display),     cmocka_unit_test(test_display_duration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
