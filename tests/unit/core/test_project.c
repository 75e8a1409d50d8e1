/* Unit tests of project snapshots, on real directories under a temporary one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph.h"
#include "project.h"
#include "strbuf.h"

static char root[] = "/tmp/wv_project_XXXXXX";

static void run(const char *format, ...) WV_PRINTF(1, 2);
static void run(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *command WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    assert_int_equal(system(command), 0);
}

static int make_root(void **state)
{
    (void)state;
    (void)memcpy(root + sizeof(root) - 7, "XXXXXX", 6);
    return mkdtemp(root) == NULL ? -1 : chdir(root);
}

static int remove_root(void **state)
{
    (void)state;
    run("rm -rf %s", root);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void write_revision(const char *path, const char *id, const char *down)
{
    char *text WV_AUTOFREE = wv_xasprintf("-- revision: %s\n-- down_revision: %s\n-- woven:up\n"
                                          "SELECT '%s';\n-- woven:down\n",
                                          id, down, id);
    write_file(path, text);
}

static struct wv_project *load(const char *dirs, const struct wv_project *previous)
{
    struct wv_strlist list WV_AUTOSTRLIST = {0};
    char *copy WV_AUTOFREE = wv_xstrdup(dirs);
    char *rest = NULL;
    for (char *dir = strtok_r(copy, " ", &rest); dir != NULL; dir = strtok_r(NULL, " ", &rest))
        wv_strlist_add(&list, dir);
    return wv_project_load(&list, previous);
}

static void check_problems(const struct wv_project *project, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < project->problems.count; i++)
        wv_strbuf_addf(&out, "%s%s %s:%d", i > 0 ? ", " : "", project->problems.items[i].kind,
                       project->problems.items[i].file, project->problems.items[i].line);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void reads_all_folders_in_one_order(void **state)
{
    (void)state;
    run("mkdir -p a/sub/deep b a/.hidden");
    write_revision("a/bb_second.sql", "bb", "aa");
    write_revision("a/sub/deep/aa.sql", "aa", "");
    write_revision("b/cc_third.sql", "cc", "bb");
    write_revision("a/.hidden/dd.sql", "dd", "");
    write_revision("a/.ee.sql", "ee", "");
    write_file("a/README.md", "no SQL");
    write_file("a/ff.sql.bak", "no SQL");
    write_file("a/other-functions.sql", "CREATE FUNCTION");
    run("mkdir a/gg.sql && mkfifo a/hh.sql");
    run("ln -s .. a/sub/loop && ln -s ../../a a/sub/again && ln -s nowhere a/dangling");
    struct wv_project *project = load("a/ b a", NULL);
    check_problems(project, "");
    assert_int_equal(project->count, 3);
    assert_string_equal(project->revisions[0].path, "a/sub/deep/aa.sql");
    assert_string_equal(project->revisions[1].id, "bb");
    assert_string_equal(project->revisions[2].path, "b/cc_third.sql");
    for (size_t i = 0; i < project->count; i++)
        assert_string_equal(wv_graph_id(project->graph, (wv_node)i), project->revisions[i].id);
    assert_ptr_equal(wv_project_find(project, "bb"), &project->revisions[1]);
    assert_null(wv_project_find(project, "b"));
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_project_check(project, &err));
    wv_project_unref(project);
}

static void reports_all_faults_at_once(void **state)
{
    (void)state;
    run("mkdir v");
    write_file("v/aa.sql", "-- revision: aa\n-- woven:up\nCOMMIT;\nBEGIN;\n");
    write_revision("v/bb.sql", "bb", "aa");
    write_revision("v/cc_1.sql", "cc", "zz");
    write_revision("v/cc_2.sql", "cc", "");
    write_file("v/dd.sql", "");
    run("ln -s nowhere v/ee.sql");
    struct wv_project *project = load("v missing", NULL);
    check_problems(project,
                   "unreadable_directory missing:0, transaction_control v/aa.sql:3, "
                   "transaction_control v/aa.sql:4, missing_down_revision v/cc_1.sql:2, "
                   "duplicate_id v/cc_2.sql:1, missing_revision v/dd.sql:1, missing_up v/dd.sql:1, "
                   "unreadable_file v/ee.sql:0");
    assert_null(project->graph);
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_project_check(project, &err));
    assert_int_equal(err.code, WV_LOAD_ERROR);
    assert_int_equal(err.problems.count, project->problems.count);
    wv_project_unref(project);
    project = load("missing", NULL);
    assert_false(wv_project_check(project, &err));
    assert_string_equal(err.file, "missing");
    wv_project_unref(project);
}

static void is_empty_without_files(void **state)
{
    (void)state;
    run("mkdir v");
    struct wv_project *project = load("v", NULL);
    check_problems(project, "");
    assert_int_equal(project->count, 0);
    assert_non_null(project->graph);
    assert_null(wv_project_find(project, "aa"));
    wv_project_unref(project);
}

static void set_age(const char *path, time_t age)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* What the snapshot says about a revision shows whether its file was read: the test plants a
 * message that the file does not have. */
static void reads_only_what_changed(void **state)
{
    (void)state;
    run("mkdir v");
    write_revision("v/aa.sql", "aa", "");
    write_revision("v/bb.sql", "bb", "aa");
    write_revision("v/cc.sql", "cc", "bb");
    struct wv_project *first = load("v", NULL);
    assert_int_equal(first->revisions[0].stamp.inode, 0); /* too young to be trusted */
    struct stat status;
    for (size_t i = 0; i < first->count; i++) {
        struct wv_revision *revision = &first->revisions[i];
        set_age(revision->path, 100);
        assert_int_equal(stat(revision->path, &status), 0);
        revision->stamp = (struct wv_file_stamp){
            .device = status.st_dev,
            .inode = status.st_ino,
            .size = (uint64_t)status.st_size,
            .mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
            .ctime_ns = (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec};
        free(revision->message);
        revision->message = wv_xstrdup("planted");
    }
    write_revision("v/bb.sql", "bb", "aa");
    run("rm v/cc.sql");
    struct wv_project *second = load("v", first);
    wv_project_unref(first);
    assert_int_equal(second->count, 2);
    assert_string_equal(second->revisions[0].message, "planted");
    assert_string_equal(second->revisions[1].message, "");
    wv_project_unref(second);
}

static void loads_wovens_own_revisions(void **state)
{
    (void)state;
    struct wv_project *project = load(WV_MIGRATIONS "/versions", NULL);
    check_problems(project, "");
    assert_non_null(wv_project_find(project, "1f800961f8ae"));
    for (size_t i = 0; i < project->count; i++)
        assert_true(project->revisions[i].has_down);
    wv_project_unref(project);
}

static void *hold_and_drop(void *argument)
{
    struct wv_project *project = argument;
    for (int i = 0; i < 1000; i++) {
        (void)wv_project_find(wv_project_ref(project), "aa");
        wv_project_unref(project);
    }
    wv_project_unref(project);
    return NULL;
}

static void is_held_by_many_threads(void **state)
{
    (void)state;
    run("mkdir v");
    write_revision("v/aa.sql", "aa", "");
    struct wv_project *project = load("v", NULL);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hold_and_drop, wv_project_ref(project)),
                         0);
    wv_project_unref(project);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    wv_project_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_all_folders_in_one_order, make_root, remove_root),
        cmocka_unit_test_setup_teardown(reports_all_faults_at_once, make_root, remove_root),
        cmocka_unit_test_setup_teardown(is_empty_without_files, make_root, remove_root),
        cmocka_unit_test_setup_teardown(reads_only_what_changed, make_root, remove_root),
        cmocka_unit_test(loads_wovens_own_revisions),
        cmocka_unit_test_setup_teardown(is_held_by_many_threads, make_root, remove_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
