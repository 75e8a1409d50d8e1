/* Pages and progress as people see them: golden texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "progress.h"
#include "render.h"

static const struct wv_look plain = {.width = 0};
static const struct wv_look narrow = {.tty = true, .width = 40};
static const struct wv_look live = {.tty = true, .live = true, .width = 100};

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

#define DATABASE                                                                                   \
    "'database':{'reachable':true,'name':'woven','host':'/run/postgresql','user':'woven',"         \
    "'server_version':150020,'read_only':false}"

static void test_status_at_head(void **state)
{
    (void)state;
    expect(wv_render_status, &plain,
           "{'project':'woven','state':'at-head','current':['3c1f0a9b7d52'],'heads':"
           "['3c1f0a9b7d52'],'pending':[],'ahead':[],'role':'leader','leader':{'host':'db1',"
           "'pid':7,'since':'2026-01-14T09:12:00Z'},'messages':{'3c1f0a9b7d52':'Add vaults'},"
           "'job':null,'interrupted':null,'files':{'revisions':2,'problems':[]}," DATABASE "}",
           "Project      woven\n"
           "State        at-head\n"
           "Database     woven on /run/postgresql as woven, PostgreSQL 15.20\n"
           "Role         leader, since 2026-01-14T09:12:00Z\n"
           "Current      3c1f0a9b7d52  Add vaults\n"
           "Heads        3c1f0a9b7d52  Add vaults\n"
           "Files        2 revisions\n");
}

static void test_status_busy(void **state)
{
    (void)state;
    expect(wv_render_status, &plain,
           "{'project':'woven','state':'behind','current':[],'heads':['b'],'pending':[{'revision':"
           "'a','message':'First'},{'revision':'b','message':'Second'}],'ahead':[],'role':"
           "'standby','leader':{'host':'db2','pid':9,'since':'then'},'job':{'job':7,'kind':"
           "'upgrade','state':'stepping','caller':{'uid':1,'pid':42,'user':'ann'},'elapsed_ms':"
           "12300,'step':{'index':0,'of':2,'revision':'a','direction':'up'},'statement':{'number':"
           "2,'of':5,'file':'v/a.sql','line':12,'text':'CREATE INDEX\\n i','elapsed_ms':8100},"
           "'progress':{'phase':'building index','done':45,'total':100},'blockers':[{'pid':33,"
           "'user':'app','application':'psql','state':'idle in transaction','query':'UPDATE t',"
           "'relation':'t','mode':'RowExclusiveLock','age_ms':300000}]}," DATABASE "}",
           "Project      woven\n"
           "State        behind, 2 pending\n"
           "Database     woven on /run/postgresql as woven, PostgreSQL 15.20\n"
           "Role         standby; the leader is db2 (pid 9), since then\n"
           "Current      base (nothing applied)\n"
           "Heads        b\n"
           "Pending      2 revisions\n"
           "             a  First\n"
           "             b  Second\n"
           "Job          7  upgrade, stepping, asked for by ann (pid 42), for 12.3 s\n"
           "             step 1 of 2: up a\n"
           "             statement 2 of 5, v/a.sql:12, for 8.1 s, building index 45%\n"
           "               CREATE INDEX i\n"
           "             blocked by pid 33 (app, psql, idle in transaction, 5 min 0 s), "
           "RowExclusiveLock on t: UPDATE t\n");
}

static void test_status_trouble(void **state)
{
    (void)state;
    expect(
        wv_render_status, &plain,
        "{'project':'woven','state':'unreachable','current':['a'],'heads':[],'pending':[],"
        "'ahead':['x'],'stale':true,'age_ms':61000,'role':'unreachable','leader':null,"
        "'database':{'reachable':false,'error':{'code':'DATABASE_UNREACHABLE','message':'"
        "connection refused','hint':'start it'},'since':'noon','retry_ms':"
        "1500},'files':{'revisions':1,'problems':[{'kind':'k','file':'v/a.sql','line':3,"
        "'message':'bad header'}]},'interrupted':{'revision':'a','direction':'up','statement':"
        "2,'of':3,'file':'v/a.sql','line':9,'text':'CREATE INDEX CONCURRENTLY i ON t (c)'}}",
        "Project      woven\n"
        "State        unreachable, 1 ahead of the files of this host; as seen 1 min 1 s ago\n"
        "Database     unreachable since noon, tried again in 1.5 s\n"
        "             connection refused\n"
        "             hint: start it\n"
        "Role         unreachable\n"
        "Current      a\n"
        "Heads        none (no revision files)\n"
        "Ahead        x\n"
        "Files        1 revision, 1 problem\n"
        "             v/a.sql:3: bad header\n"
        "Interrupted  up a: statement 2 of 3 was under way, v/a.sql:9\n"
        "             CREATE INDEX CONCURRENTLY i ON t (c)\n"
        "             look whether it took effect, then one of\n"
        "               wovenctl migrate repair --done     it did: go on after it\n"
        "               wovenctl migrate repair --again    it did not: run it again\n"
        "               wovenctl migrate repair --abandon  give the step up, keep what it did\n");
}

static void test_daemon(void **state)
{
    (void)state;
    expect(wv_render_daemon, &plain,
           "{'version':'0.1.0','pid':12,'host':'db1','project':'woven','socket':'/s','uptime_"
           "seconds':75,'role':'leader','leader':{'host':'db1','pid':12,'since':'noon'}," DATABASE
           ",'files':{'revisions':11,'heads':['a'],'problems':0},'clients':2,'jobs_waiting':1,"
           "'job':null}",
           "Daemon       wovend 0.1.0, pid 12 on db1, up 1 min 15 s\n"
           "Project      woven\n"
           "Socket       /s\n"
           "Role         leader, since noon\n"
           "Database     woven on /run/postgresql as woven, PostgreSQL 15.20\n"
           "Files        11 revisions\n"
           "Clients      2 connected, 1 job waiting\n");
}

#define REVISIONS                                                                                  \
    "{'revisions':[{'revision':'c','down_revision':['a','b'],'depends_on':['d'],'branch_labels':"  \
    "['x','y'],'message':'Merge\\nall','path':'/v/c.sql','create_date':'2026-01-14T09:12:00Z',"    \
    "'is_head':true,'is_current':true,'is_branch_point':false,'is_merge_point':true,"              \
    "'is_applied':true,'sql':'SELECT 1;\\n\\tSELECT 2;\\n'},"                                      \
    "{'revision':'a','down_revision':[],'depends_on':[],'branch_labels':[],'message':'First',"     \
    "'is_head':false,'is_current':null,'is_branch_point':true,'is_merge_point':false,"             \
    "'is_applied':null,'next':['c','e'],'followers':[{'revision':'c','is_head':true,"              \
    "'is_effective_head':true},{'revision':'e','is_current':true,'message':'E'}]}]}"

static void history(struct wv_strbuf *out, const struct wv_look *look, const json_t *value)
{
    wv_render_revisions(out, look, value, (struct wv_list){.parents = true, .current = true});
}

static void history_verbose(struct wv_strbuf *out, const struct wv_look *look, const json_t *value)
{
    wv_render_revisions(out, look, value,
                        (struct wv_list){.parents = true, .current = true, .verbose = true});
}

static void branches(struct wv_strbuf *out, const struct wv_look *look, const json_t *value)
{
    wv_render_revisions(out, look, value, (struct wv_list){.followers = true});
}

static void test_lists(void **state)
{
    (void)state;
    expect(history, &plain, REVISIONS,
           "a, b (d) -> c (x, y) (head) (current) (mergepoint), Merge all\n"
           "<base> -> a (branchpoint), First\n");
    expect(branches, &plain, REVISIONS,
           "c (x, y) (head) (mergepoint), Merge all\n"
           "\n"
           "a (branchpoint), First\n"
           "  -> c (effective head)\n"
           "  -> e (current), E\n");
    expect(history_verbose, &plain, REVISIONS,
           "Rev: c (x, y) (head) (current) (mergepoint)\n"
           "Merges: a, b\n"
           "Also depends on: d\n"
           "Branch names: x, y\n"
           "Path: /v/c.sql\n"
           "Created: 2026-01-14T09:12:00Z\n"
           "Applied: yes\n"
           "\n"
           "    Merge\n"
           "    all\n"
           "\n"
           "Rev: a (branchpoint)\n"
           "Parent: <base>\n"
           "Branches into: c, e\n"
           "\n"
           "    First\n");
    expect(history, &plain, "{'revisions':[]}", "");
}

static void test_show(void **state)
{
    (void)state;
    expect(wv_render_show, &plain,
           "{'revisions':[{'revision':'c','down_revision':['a'],'message':'M','sql':"
           "'SELECT 1;\\n\\tSELECT 2;\\n'}]}",
           "Rev: c\nParent: a\n\n    M\n\nSELECT 1;\n        SELECT 2;\n");
}

static void test_plan(void **state)
{
    (void)state;
    const char *plan = "{'current':['b'],'steps':[{'revision':'b','direction':'down','message':"
                       "'A message that is far too long for this'}],'heads_after':[]}";
    expect(wv_render_plan, &plain, plan,
           "1 step from b to base\n  down  b  A message that is far too long for this\n");
    expect(wv_render_plan, &narrow, plan,
           "1 step from b to base\n  down  b  A message that is far too ...\n");
}

static void outcome(struct wv_strbuf *out, const struct wv_look *look, const json_t *value)
{
    wv_render_outcome(out, look, "upgrade", value);
}

static void test_outcome(void **state)
{
    (void)state;
    expect(outcome, &plain,
           "{'outcome':'done','steps':[{'seconds':1.5,'done':true}],'heads_after':['a','b']}",
           "Done: upgrade of 1 step in 1.5 s. The database is at a, b.\n");
    expect(outcome, &plain,
           "{'outcome':'failed','steps':[{'revision':'a','direction':'up','message':'M','done':"
           "false}],'error':{'code':'STEP_INTERRUPTED'},'heads_after':[]}",
           "Failed: interrupted in up a M; 0 of 1 step done.\nThe database is at base.\n");
}

static void expect_error(struct wv_err *err, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_render_error(&out, &plain, err);
    assert_string_equal(wv_strbuf_text(&out), expected);
    wv_err_clear(err);
}

static void test_errors(void **state)
{
    (void)state;
    struct wv_err err = {0};
    wv_err_set(&err, WV_USAGE, "no command given");
    wv_err_hint(&err, "look at\nthe help");
    expect_error(&err, "error: no command given\n  hint: look at\n    the help\n");

    wv_err_set(&err, WV_SQL_ERROR, "syntax error");
    wv_err_at(&err, "v/a.sql", 3, 13);
    strcpy(err.sqlstate, "42601");
    err.detail = wv_xstrdup("D");
    err.statement = wv_xstrdup("SELECT '\xc3\xa9\t' frm t");
    expect_error(&err, "error: syntax error (SQL_ERROR)\n"
                       "  at v/a.sql:3:13\n"
                       "      3 | SELECT '\xc3\xa9       ' frm t\n"
                       "        |                   ^\n"
                       "  SQLSTATE: 42601\n"
                       "  detail: D\n");

    /* In which line of the statement it is cannot be told without the file: no caret. */
    wv_err_set(&err, WV_SQL_ERROR, "bad");
    wv_err_at(&err, "/does/not/exist.sql", 3, 2);
    err.statement = wv_xstrdup("1\n2\n3\n4\n5\n6\n7");
    expect_error(&err, "error: bad (SQL_ERROR)\n"
                       "  at /does/not/exist.sql:3:2\n"
                       "        | 1\n        | 2\n        | 3\n        | 4\n        | 5\n"
                       "        | 6\n        | ...\n");

    wv_err_set(&err, WV_LOAD_ERROR, "2 problems");
    wv_problems_add(&err.problems, "k", "a.sql", 4, "first");
    wv_problems_add(&err.problems, "k", NULL, 0, "second");
    expect_error(&err, "error: 2 problems (LOAD_ERROR)\n  a.sql:4: first\n  second\n");
}

/* A long line is shown from shortly before the place. */
static void test_long_line(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    wv_err_set(&err, WV_SQL_ERROR, "bad");
    wv_err_at(&err, NULL, 1, 81);
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (int i = 0; i < 20; i++)
        wv_strbuf_adds(&sql, i == 16 ? "HERE" : "1234");
    for (int i = 0; i < 20; i++)
        wv_strbuf_adds(&sql, i == 0 ? "HERE" : "1234");
    err.statement = wv_strbuf_take(&sql);
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_render_error(&out, &narrow, &err);
    assert_string_equal(wv_strbuf_text(&out), "error: bad (SQL_ERROR)\n"
                                              "      1 | ...RE123412341234HERE123412...\n"
                                              "        |                  ^\n");
}

static void feed(struct wv_progress *progress, const struct wv_look *look, int64_t now,
                 const char *input, const char *expected)
{
    struct wv_strbuf lines WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json(input);
    wv_progress_event(progress, params, now, look, &lines);
    assert_string_equal(wv_strbuf_text(&lines), expected);
    json_decref(params);
}

static void line(const struct wv_progress *progress, int64_t now, int columns, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_progress_line(progress, now, columns, &out);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void test_progress_live(void **state)
{
    (void)state;
    struct wv_progress progress;
    wv_progress_init(&progress, 1000);
    line(&progress, 1000, 0, "waiting for wovend to begin  0 ms");
    feed(&progress, &live, 1000, "{'job':7,'event':'queued','position':2}", "");
    line(&progress, 2500, 0, "queued, 2 before it  1.5 s");
    feed(&progress, &live, 3000, "{'job':7,'event':'started','kind':'upgrade'}", "");
    feed(&progress, &live, 3000, "{'job':7,'event':'waiting','text':'waiting for the lock'}", "");
    line(&progress, 3100, 0, "waiting for the lock  100 ms");
    feed(&progress, &live, 3000,
         "{'job':7,'event':'step','index':2,'of':10,'revision':'a','direction':'up','message':"
         "'M'}",
         "");
    feed(&progress, &live, 4000,
         "{'job':7,'event':'statement','index':2,'number':1,'of':2,'file':'/v/a.sql','line':3}",
         "");
    feed(&progress, &live, 4000, "{'job':7,'event':'progress','phase':'p','done':1,'total':4}", "");
    feed(&progress, &live, 4000, "{'job':7,'event':'from tomorrow'}", "");
    line(&progress, 12150, 0, "[3/10] up a M  8.1 s  p 25%  statement 1/2 (a.sql:3)");
    line(&progress, 12150, 20, "[3/10] up a M  8....");
    feed(&progress, &live, 4000, "{'job':7,'event':'cancelling'}", "");
    line(&progress, 5000, 0, "cancelling: [3/10] up a M  1.0 s  p 25%  statement 1/2 (a.sql:3)");
    feed(&progress, &live, 5000,
         "{'job':7,'event':'step_done','index':2,'revision':'a','seconds':0.012}",
         "[3/10] up a M  (12 ms)\n");
    assert_int_equal(progress.job, 7);
    wv_progress_free(&progress);
}

static void test_progress_plain(void **state)
{
    (void)state;
    struct wv_progress progress;
    wv_progress_init(&progress, 0);
    feed(&progress, &plain, 0, "{'job':7,'event':'queued','position':2}",
         "job 7 is queued, 2 before it\n");
    feed(&progress, &plain, 0, "{'job':7,'event':'waiting','text':'for the lock'}",
         "for the lock\n");
    feed(&progress, &plain, 0, "{'job':7,'event':'waiting','text':'for the lock'}", "");
    feed(&progress, &plain, 0, "{'job':7,'event':'notice','text':'NOTICE: x\\ny'}",
         "NOTICE: x y\n");
    feed(&progress, &plain, 0,
         "{'job':7,'event':'planned','steps':[{'revision':'a','direction':'up','message':'M'}]}",
         "");
    feed(&progress, &plain, 0,
         "{'job':7,'event':'retry','index':0,'attempt':2,'delay_ms':1200,'text':'no lock'}",
         "step 1: no lock; trying again in 1.2 s (attempt 2)\n");
    line(&progress, 300, 0, "waiting to try the step again  300 ms");
    const char *blocked = "{'job':7,'event':'blocked','blockers':[{'pid':33,'user':'app'},"
                          "{'pid':34}],'blocking':1}";
    feed(&progress, &plain, 0, blocked, "blocked by pid 33 (app); pid 34; 1 queued behind us\n");
    feed(&progress, &plain, 0, blocked, "");
    feed(&progress, &plain, 0, "{'job':7,'event':'blocked','blockers':[]}", "");
    feed(&progress, &plain, 0, "{'job':7,'event':'step_done','index':0,'seconds':1}",
         "[1/1] up a M  (1.0 s)\n");
    feed(&progress, &plain, 0, "{'job':7,'event':'finished','outcome':'done'}", "");
    wv_progress_free(&progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_at_head), cmocka_unit_test(test_status_busy),
        cmocka_unit_test(test_status_trouble), cmocka_unit_test(test_daemon),
        cmocka_unit_test(test_lists),          cmocka_unit_test(test_show),
        cmocka_unit_test(test_plan),           cmocka_unit_test(test_outcome),
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_progress_live),  cmocka_unit_test(test_progress_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
