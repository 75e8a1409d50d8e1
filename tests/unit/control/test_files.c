/* Files on a real disk: each change is seen at the next look, and no change costs no look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "log.h"

struct place {
    char folder[64];
    struct wv_strlist dirs;
    struct wv_files *files;
};

/* Runs a command in the folder. */
static void shell(const char *command, const char *folder)
{
    char *whole WV_AUTOFREE = wv_xasprintf("cd %s && %s", folder, command);
    assert_int_equal(system(whole), 0);
}

static void write_revision(const char *folder, const char *id, const char *down)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s.sql", folder, id);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "-- message: m\n-- revision: %s\n-- down_revision: %s\n-- branch_labels:\n"
            "-- depends_on:\n-- create_date: 2026-01-14T09:12:00Z\n\n-- woven:up\nSELECT 1;\n",
            strrchr(id, '/') != NULL ? strrchr(id, '/') + 1 : id, down);
    fclose(file);
}

static int set_up(void **state)
{
    struct place *place = wv_xcalloc(1, sizeof(*place));
    strcpy(place->folder, "/tmp/wv_files_XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    shell("mkdir v", place->folder);
    wv_strlist_add_owned(&place->dirs, wv_xasprintf("%s/v", place->folder));
    write_revision(place->dirs.items[0], "a1", "");
    place->files = wv_files_new(&place->dirs);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    wv_files_free(place->files);
    shell("rm -rf \"$PWD\"", place->folder);
    wv_strlist_free(&place->dirs);
    free(place);
    return 0;
}

static size_t fresh(const struct place *place)
{
    return wv_files_fresh(place->files)->count;
}

static void no_change_costs_no_look(void **state)
{
    const struct place *place = *state;
    assert_true(wv_files_watched(place->files));
    size_t loads = wv_files_loads(place->files);
    const struct wv_project *first = wv_files_fresh(place->files);
    for (int i = 0; i < 10; i++)
        assert_ptr_equal(wv_files_fresh(place->files), first);
    assert_int_equal(wv_files_loads(place->files), loads);
}

static void files_come_change_and_go(void **state)
{
    const struct place *place = *state;
    const char *dir = place->dirs.items[0];
    write_revision(dir, "b2", "a1");
    assert_int_equal(fresh(place), 2);
    write_revision(dir, "b2", "nowhere");
    assert_int_equal(wv_files_fresh(place->files)->problems.count, 1);
    shell("rm v/b2.sql", place->folder);
    assert_int_equal(fresh(place), 1);
    assert_int_equal(wv_files_fresh(place->files)->problems.count, 0);
    write_revision(place->folder, "c3", "a1");
    shell("mv c3.sql v/c3.sql", place->folder);
    assert_int_equal(fresh(place), 2);
    shell("touch c3.sql && mv v/c3.sql c3.sql", place->folder);
    assert_int_equal(fresh(place), 1);
}

static void sub_folders_are_watched_as_they_come(void **state)
{
    const struct place *place = *state;
    const char *dir = place->dirs.items[0];
    shell("mkdir -p v/2026/01", place->folder);
    assert_int_equal(fresh(place), 1);
    write_revision(dir, "2026/01/b2", "a1");
    assert_int_equal(fresh(place), 2);
    size_t loads = wv_files_loads(place->files);
    assert_int_equal(fresh(place), 2);
    assert_int_equal(wv_files_loads(place->files), loads);
    shell("rm -r v/2026", place->folder);
    assert_int_equal(fresh(place), 1);
}

static void a_replaced_folder_is_noticed(void **state)
{
    const struct place *place = *state;
    shell("mkdir w", place->folder);
    char other[96];
    snprintf(other, sizeof(other), "%s/w", place->folder);
    write_revision(other, "a1", "");
    write_revision(other, "b2", "a1");
    shell("mv v old && ln -s w v", place->folder);
    assert_int_equal(fresh(place), 2);
    assert_true(wv_files_watched(place->files));
    shell("ln -sfn old v", place->folder);
    assert_int_equal(fresh(place), 1);
    shell("rm v", place->folder);
    assert_int_equal(wv_files_fresh(place->files)->problems.count, 1);
    shell("ln -s w v", place->folder);
    assert_int_equal(fresh(place), 2);
}

static void behind_a_link_each_request_looks(void **state)
{
    const struct place *place = *state;
    char other[96];
    shell("mkdir x && ln -s ../x v/more", place->folder);
    snprintf(other, sizeof(other), "%s/x", place->folder);
    assert_int_equal(fresh(place), 1);
    assert_false(wv_files_watched(place->files));
    write_revision(other, "b2", "a1");
    assert_int_equal(fresh(place), 2);
    shell("rm v/more", place->folder);
    assert_int_equal(fresh(place), 1);
    assert_true(wv_files_watched(place->files));
}

static void a_flood_of_changes_is_one_change(void **state)
{
    const struct place *place = *state;
    shell("i=0; while [ $i -lt 20000 ]; do : > v/x; : > v/y; i=$((i+1)); done; rm v/x "
          "v/y",
          place->folder);
    write_revision(place->dirs.items[0], "b2", "a1");
    assert_int_equal(fresh(place), 2);
    size_t loads = wv_files_loads(place->files);
    assert_int_equal(fresh(place), 2);
    assert_int_equal(wv_files_loads(place->files), loads);
}

#define FILES_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES_TEST(no_change_costs_no_look),
        FILES_TEST(files_come_change_and_go),
        FILES_TEST(sub_folders_are_watched_as_they_come),
        FILES_TEST(a_replaced_folder_is_noticed),
        FILES_TEST(behind_a_link_each_request_looks),
        FILES_TEST(a_flood_of_changes_is_one_change),
    };
    wv_log_init(WV_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
