/* What the ledger says as people see it: golden texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render.h"

static const struct wv_look plain = {.width = 0};

/* JSON written with ' for ". */
static json_t *json(const char *text)
{
    char *copy WV_AUTOFREE = wv_xstrdup(text);
    for (char *p = copy; *p != '\0'; p++)
        *p = *p == '\'' ? '"' : *p;
    json_error_t error;
    json_t *value = json_loads(copy, 0, &error);
    if (value == NULL)
        fail_msg("%s at %d in %s", error.text, error.position, text);
    return value;
}

typedef void render_function(struct wv_strbuf *out, const struct wv_look *look,
                             const json_t *value);

static void expect(render_function *render, const struct wv_look *look, const char *input,
                   const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *value = json(input);
    render(&out, look, value);
    assert_string_equal(wv_strbuf_text(&out), expected);
    json_decref(value);
}

static void test_status_of_edited_files(void **state)
{
    (void)state;
    expect(wv_render_status, &plain,
           "{'state':'at-head','current':['b'],'heads':['b'],'pending':[],'ahead':[],"
           "'edited':['a','b'],'messages':{'a':'First','b':'Second'},'role':'leader'}",
           "State        at-head\n"
           "Role         leader\n"
           "Current      b  Second\n"
           "Heads        b  Second\n"
           "Edited       a  First\n"
           "             b  Second\n"
           "             changed since they were applied, so that upgrade refuses; put the files\n"
           "             back (`wovenctl migrate verify --diff` shows the changes), or accept "
           "them:\n"
           "               wovenctl migrate repair --accept REV\n");
}

static void test_status_of_a_refused_database(void **state)
{
    (void)state;
    expect(wv_render_database, &plain,
           "{'reachable':true,'name':'woven','host':'h','user':'u','server_version':150020,"
           "'error':{'code':'LEDGER_TOO_NEW','message':'version 3\\nhere','hint':'update'}}",
           "Database     woven on h as u, PostgreSQL 15.20\n"
           "             refused: version 3 here\n"
           "             hint: update\n");
}

static void test_clean_verdict(void **state)
{
    (void)state;
    expect(wv_render_verdict, &plain,
           "{'clean':true,'applied':3,'edited':[],'missing':[],'unknown':[],"
           "'unrecorded':['a','b']}",
           "Clean: 1 applied revision is as its file says.\n"
           "2 applied revisions are not recorded, for example because Alembic applied them: "
           "`wovenctl migrate repair --accept REV` records one.\n");
}

static void test_verdict(void **state)
{
    (void)state;
    expect(
        wv_render_verdict, &plain,
        "{'clean':false,'applied':2,'edited':[{'revision':'a','message':'First','path':'v/a.sql',"
        "'applied_at':'then','applied_by':'ann','diff':'--- v/a.sql\\tx\\n@@ -1 +1 @@\\n-a\\n"
        "+\\u001b[2Jb\\n'}],'missing':[{'revision':'m','message':'Gone','applied_at':'then',"
        "'applied_by':'bob'},{'revision':'n','applied_at':'now'}],'unknown':['x','y'],"
        "'unrecorded':[]}",
        "Edited       a  First\n"
        "               v/a.sql, applied then by ann\n"
        "             put the file back as it was (`wovenctl migrate verify --diff` shows the "
        "change),\n"
        "             or accept it as it is: `wovenctl migrate repair --accept REV`\n"
        "Missing      m  Gone\n"
        "               applied then by bob\n"
        "             n\n"
        "               applied now\n"
        "             in no file here; `wovenctl migrate show REV` prints what the ledger has\n"
        "Unknown      x, y\n"
        "             in the version table, but neither the files nor the ledger know it\n"
        "\n"
        "--- v/a.sql     x\n"
        "@@ -1 +1 @@\n"
        "-a\n"
        "+\\x1b[2Jb\n");
}

static void test_diff_in_colour(void **state)
{
    (void)state;
    static const struct wv_look colour = {.tty = true, .live = true, .color = true, .width = 80};
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_render_diff(&out, &colour, "-a\n+b\n c\n\n");
    assert_non_null(strstr(wv_strbuf_text(&out), "m-a\033["));
    assert_non_null(strstr(wv_strbuf_text(&out), "m+b\033["));
    assert_non_null(strstr(wv_strbuf_text(&out), "\n c\n\n"));
}

static void test_accepted(void **state)
{
    (void)state;
    expect(wv_render_accepted, &plain, "{'outcome':'nothing-to-do'}",
           "Nothing to do: the files are as they were recorded.\n");
    expect(wv_render_accepted, &plain,
           "{'accepted':[{'revision':'a','message':'First','path':'v/a.sql'}]}",
           "Accepted a  First, v/a.sql\n");
    expect(wv_render_accepted, &plain,
           "{'dry_run':true,'accepted':[{'revision':'a','path':'v/a.sql','diff':'-x\\n'}]}",
           "Would accept a, v/a.sql\n-x\n");
}

static void render_log(struct wv_strbuf *out, const struct wv_look *look, const json_t *log)
{
    wv_render_log(out, look, log, false);
}

static void test_log(void **state)
{
    (void)state;
    expect(render_log, &plain, "{'entries':[],'next':null}",
           "Nothing is in the history that fits.\n");
    expect(render_log, &plain,
           "{'entries':[{'id':9,'at':'then','kind':'up','revision':'a','message':'First',"
           "'outcome':'failed','seconds':1.5,'caller':{'uid':5,'pid':6,'user':'ann'},'host':'h',"
           "'version':'1','job':7,'tag':'t\\nt','error':'broken','sqlstate':'22012','note':null},"
           "{'id':8,'at':'then','kind':'repair','revision':'b','message':null,'outcome':'done',"
           "'seconds':0,'caller':{'uid':5,'pid':6,'user':'ann','unit':'a.service'},'host':'h','"
           "version':'1','job':3,"
           "'tag':null,'note':'accepted'}],'next':8}",
           "9  then  up a  First  failed after 1.5 s\n"
           "    by ann (uid 5, pid 6) on h, wovend 1, job 7, tag t t\n"
           "    broken (SQLSTATE 22012)\n"
           "8  then  repair b  done\n"
           "    by ann (uid 5, pid 6, unit a.service) on h, wovend 1, job 3\n"
           "    accepted\n"
           "Older ones follow: wovenctl migrate log --before 8\n");
}

static void test_revisions_without_a_file(void **state)
{
    (void)state;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *value = json("{'revisions':[{'revision':'a','message':'First','source':'ledger'},"
                         "{'revision':'b','source':'file'},{'revision':'c','source':null}]}");
    wv_render_revisions(&out, &plain, value, (struct wv_list){0});
    assert_string_equal(wv_strbuf_text(&out), "a (no file), First\nb\nc (unknown)\n");
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_of_edited_files),
        cmocka_unit_test(test_status_of_a_refused_database),
        cmocka_unit_test(test_clean_verdict),
        cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_diff_in_colour),
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_revisions_without_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
