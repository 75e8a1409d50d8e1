/* Unit tests of opening a file for somebody else. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file_for.h"
#include "xalloc.h"

enum { STRANGER = 54321 };

static char folder[] = "/tmp/woven-file-for-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chmod(folder, 0755) != 0;
}

static int take_down(void **state)
{
    (void)state;
    static const char *const names[] = {"inner/file", "inner", "link", "way", ""};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, names[i]);
        (void)remove(path);
    }
    return 0;
}

static int open_for(uid_t uid, const char *name)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, name);
    int fd = wv_file_open_for(uid, path);
    if (fd >= 0)
        close(fd);
    return fd < 0 ? fd : 0;
}

static void set_mode(const char *name, mode_t mode)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, name);
    assert_int_equal(chmod(path, mode), 0);
}

static void what_he_could_open_himself(void **state)
{
    (void)state;
    char *inner WV_AUTOFREE = wv_xasprintf("%s/inner", folder);
    char *file WV_AUTOFREE = wv_xasprintf("%s/inner/file", folder);
    char *link WV_AUTOFREE = wv_xasprintf("%s/link", folder);
    char *way WV_AUTOFREE = wv_xasprintf("%s/way", folder);
    assert_int_equal(mkdir(inner, 0755), 0);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(symlink(file, link), 0);
    assert_int_equal(symlink(inner, way), 0);
    set_mode("inner/file", 0644);
    assert_int_equal(open_for(STRANGER, "inner/file"), 0);
    assert_int_equal(open_for(getuid(), "inner//file"), 0);
    assert_int_equal(open_for(STRANGER, "link"), -ELOOP);
    assert_int_equal(open_for(STRANGER, "way/file"), -ENOTDIR);
    assert_int_equal(open_for(STRANGER, "inner"), -EINVAL);
    assert_int_equal(open_for(STRANGER, "inner/none"), -ENOENT);
    set_mode("inner", 0700);
    assert_int_equal(open_for(STRANGER, "inner/file"), -EACCES);
    assert_int_equal(open_for(getuid(), "inner/file"), 0);
    set_mode("inner", 0701);
    assert_int_equal(open_for(STRANGER, "inner/file"), -EACCES);
    set_mode("inner", 0711);
    assert_int_equal(open_for(STRANGER, "inner/file"), 0);
    set_mode("inner/file", 0600);
    assert_int_equal(open_for(STRANGER, "inner/file"), -EACCES);
    assert_int_equal(open_for(getuid(), "inner/file"), 0);
    set_mode("inner/file", 0604);
    assert_int_equal(open_for(STRANGER, "inner/file"), -EACCES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_he_could_open_himself),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
