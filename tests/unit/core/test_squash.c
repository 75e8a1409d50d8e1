/* Unit tests of revisions that replace others: what databases in each position see, the plans they
 * get, faults, and the file that is drafted for a range. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plan.h"
#include "squash.h"
#include "squash_draft.h"
#include "strbuf.h"

static char folder[] = "/tmp/wv-squash-XXXXXX";

static void empty_folder(void)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(dir);
}

static void put(const char *id, const char *down, const char *more, const char *up)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s.sql", folder, id);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "-- revision: %s\n-- down_revision: %s\n%s\n-- woven:up\n%s\n-- woven:down\n", id,
            down, more, up);
    fprintf(file, "DROP TABLE %s", id);
    fclose(file);
}

static void drop(const char *id)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s.sql", folder, id);
    assert_int_equal(unlink(path), 0);
}

static struct wv_project *load(void)
{
    struct wv_strlist dirs WV_AUTOSTRLIST = {0};
    wv_strlist_add(&dirs, folder);
    return wv_project_load(&dirs, NULL);
}

/* first <- (aa1 <- bb1 <- cc1) <- last1, and sq1 in the place of aa1 to cc1. */
static void put_world(const char *last_down)
{
    empty_folder();
    put("first", "", "", "CREATE TABLE first ();");
    put("aa1", "first", "", "CREATE TABLE aa1 ();");
    put("bb1", "aa1", "", "CREATE TABLE bb1 ()");
    put("cc1", "bb1", "", "CREATE TABLE cc1 ();");
    put("last1", last_down, "", "CREATE TABLE last1 ();");
    put("sq1", "first", "-- replaces: aa1, bb1, cc1", "SELECT 1;");
}

static void split(struct wv_strlist *list, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        wv_strlist_addn(list, text, length);
        text += length + (text[length] != '\0');
    }
}

/* What an upgrade to the head (or a downgrade to the base) does for a database with these rows:
 * "rows: step step", with "*" when old rows wait to be adopted; or the word of the error. */
static void expect_plan(struct wv_project *project, const char *rows_text, bool up,
                        const char *expected)
{
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    struct wv_squash_view view = {0};
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    split(&rows, rows_text);
    wv_strlist_add(&targets, up ? "heads" : "base");
    bool ok = wv_squash_view_make(&view, project, &rows, &err);
    if (ok)
        ok = up ? wv_plan_upgrade(view.project->graph, &view.rows, &targets, &plan, &err)
                : wv_plan_downgrade(view.project->graph, &view.rows, "base", &plan, &err);
    if (ok) {
        char *now WV_AUTOFREE = wv_strlist_join(&view.rows, ",");
        wv_strbuf_addf(&text, "%s%s:", now, view.moved ? "*" : "");
        for (size_t i = 0; i < plan.count; i++)
            wv_strbuf_addf(&text, " %s", plan.steps[i].id);
    } else {
        wv_strbuf_adds(&text, wv_err_word(err.code));
    }
    assert_string_equal(wv_strbuf_text(&text), expected);
    wv_squash_view_free(&view);
}

static void expect_positions(struct wv_project *project)
{
    assert_int_equal(project->problems.count, 0);
    expect_plan(project, "", true, ": first sq1 last1");
    expect_plan(project, "first", true, "first: sq1 last1");
    expect_plan(project, "aa1", true, "aa1: bb1 cc1 last1");
    expect_plan(project, "bb1", true, "bb1: cc1 last1");
    expect_plan(project, "cc1", true, "sq1*: last1");
    expect_plan(project, "sq1", true, "sq1: last1");
    expect_plan(project, "last1", true, "last1:");
    expect_plan(project, "last1", false, "last1: last1 sq1 first");
    expect_plan(project, "cc1", false, "sq1*: sq1 first");
    expect_plan(project, "bb1", false, "bb1: bb1 aa1 first");
    wv_project_unref(project);
}

static void test_positions(void **state)
{
    (void)state;
    put_world("cc1");
    expect_positions(load());
    put_world("sq1");
    expect_positions(load());
}

static void test_old_files_gone(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        put_world(i == 0 ? "cc1" : "sq1");
        drop("aa1");
        drop("bb1");
        if (i == 0)
            drop("cc1");
        struct wv_project *project = load();
        assert_int_equal(project->problems.count, 0);
        expect_plan(project, "", true, ": first sq1 last1");
        expect_plan(project, "cc1", true, "sq1*: last1");
        expect_plan(project, "sq1", true, "sq1: last1");
        expect_plan(project, "last1", true, "last1:");
        expect_plan(project, "bb1", true, "REVISION_NOT_FOUND");
        wv_project_unref(project);
    }
    /* The end of it: the line may go as well. */
    put_world("sq1");
    drop("aa1");
    drop("bb1");
    drop("cc1");
    put("sq1", "first", "", "SELECT 1;");
    struct wv_project *project = load();
    assert_null(project->originals);
    expect_plan(project, "sq1", true, "sq1: last1");
    wv_project_unref(project);
}

static void test_two_squashes(void **state)
{
    (void)state;
    put_world("cc1");
    put("mm1", "last1", "", "");
    put("nn1", "mm1", "", "");
    put("sq2", "sq1", "-- replaces: last1, mm1, nn1", "");
    struct wv_project *project = load();
    assert_int_equal(project->problems.count, 0);
    expect_plan(project, "", true, ": first sq1 sq2");
    expect_plan(project, "bb1", true, "bb1: cc1 sq2");
    expect_plan(project, "mm1", true, "mm1: nn1");
    expect_plan(project, "mm1", false, "mm1: mm1 last1 sq1 first");
    expect_plan(project, "nn1", true, "sq2*:");
    wv_project_unref(project);
}

static void test_branches(void **state)
{
    (void)state;
    put_world("cc1");
    /* Revises the middle: with sq1 there it revises sq1. */
    put("side1", "bb1", "", "");
    struct wv_project *project = load();
    assert_int_equal(project->problems.count, 0);
    expect_plan(project, "", true, ": first sq1 last1 side1");
    expect_plan(project, "side1", true, "side1: cc1 last1");
    expect_plan(project, "cc1 side1", true, "side1*: last1");
    expect_plan(project, "last1 side1", true, "last1,side1:");
    wv_project_unref(project);
}

static void expect_fault(const char *kind, const char *part)
{
    struct wv_project *project = load();
    assert_null(project->graph);
    assert_true(project->problems.count > 0);
    assert_string_equal(project->problems.items[0].kind, kind);
    assert_non_null(strstr(project->problems.items[0].message, part));
    wv_project_unref(project);
}

static void test_faults(void **state)
{
    (void)state;
    put_world("cc1");
    put("sq2", "first", "-- replaces: cc1", "");
    expect_fault("bad_replaces", "replaced by sq1 and by sq2");
    put("sq2", "first", "-- replaces: sq1", "");
    expect_fault("bad_replaces", "sq1 is replaced, and replaces others itself");
    put("sq2", "first", "-- replaces: sq2", "");
    expect_fault("bad_replaces", "sq2 replaces itself");
    drop("sq2");
    put("sq1", "first", "-- replaces: aa1, cc1, bb1", "");
    expect_fault("bad_replaces", "bb1, the last id, does not come after cc1");
    put("sq1", "bb1", "-- replaces: aa1, bb1, cc1", "");
    expect_fault("self_loop", "sq1");
    put("sq1", "last1", "-- replaces: aa1, bb1, cc1", "");
    expect_fault("cycle", "sq1");
    put("sq1", "nowhere", "-- replaces: aa1, bb1, cc1", "");
    expect_fault("missing_down_revision", "nowhere");
    put("sq1", "first", "-- replaces: aa1, b:b", "");
    expect_fault("illegal_id", "b:b");
}

static void expect_draft(const char *range, const char *expected)
{
    struct wv_project *project = load();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_squash_draft draft = {0};
    struct wv_squash_request request = {
        .range = range, .id = "new1", .message = "All in one", .create_date = "now"};
    if (wv_squash_draft_make(project, &request, &draft, &err))
        assert_string_equal(draft.text, expected);
    else
        assert_string_equal(err.message, expected);
    wv_squash_draft_free(&draft);
    wv_project_unref(project);
}

static void test_draft(void **state)
{
    (void)state;
    put_world("cc1");
    drop("sq1");
    expect_draft("aa1:cc1", "-- message: All in one\n-- revision: new1\n-- down_revision: first\n"
                            "-- replaces: aa1, bb1, cc1\n-- branch_labels:\n-- depends_on:\n"
                            "-- create_date: now\n\n-- woven:up\n"
                            "-- from aa1: \nCREATE TABLE aa1 ();\n\n"
                            "-- from bb1: \nCREATE TABLE bb1 ()\n;\n\n"
                            "-- from cc1: \nCREATE TABLE cc1 ();\n\n"
                            "-- woven:down\n"
                            "-- from cc1: \nDROP TABLE cc1\n;\n\n"
                            "-- from bb1: \nDROP TABLE bb1\n;\n\n"
                            "-- from aa1: \nDROP TABLE aa1\n;\n");
    expect_draft("aa1:aa1", "the range \"aa1:aa1\" has fewer than two revisions");
    put("side1", "bb1", "", "");
    expect_draft("aa1:cc1", "side1 follows bb1, which is inside of the range");
    expect_draft("aa1:", "the range has more than one end: last1 and side1");
    drop("side1");
    put("bb1", "aa1", "-- replaces: zz1", "");
    expect_draft("aa1:cc1", "bb1 replaces others itself");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    empty_folder();
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_positions),    cmocka_unit_test(test_old_files_gone),
        cmocka_unit_test(test_two_squashes), cmocka_unit_test(test_branches),
        cmocka_unit_test(test_faults),       cmocka_unit_test(test_draft),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
