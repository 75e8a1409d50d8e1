/* Unit tests of the unit of a caller: what the kernel writes on real machines, what somebody might
 * make it write, and files that are not there. */
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

#include "strbuf.h"
#include "unit.h"

static void expect(const char *text, const char *expected)
{
    char *unit WV_AUTOFREE = wv_unit_parse(text);
    if (expected == NULL) {
        if (unit != NULL)
            fail_msg("\"%s\" gave %s", text, unit);
        return;
    }
    if (unit == NULL)
        fail_msg("\"%s\" gave nothing", text);
    assert_string_equal(unit, expected);
}

static void version_2(void **state)
{
    (void)state;
    expect("0::/system.slice/app.service\n", "app.service");
    expect("0::/system.slice/system-app.slice/app@blue.service\n", "app@blue.service");
    expect("0::/system.slice/system-systemd\\x2dfsck.slice/"
           "systemd-fsck@dev-disk-by\\x2duuid-0d1e.service\n",
           "systemd-fsck@dev-disk-by\\x2duuid-0d1e.service");
    expect("0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope");
    expect("0::/init.scope\n", "init.scope");
    expect("0::/system.slice/docker-4a5b6c.scope\n", "docker-4a5b6c.scope");
    expect("0::/system.slice/app.service (deleted)\n", "app.service");
    /* No end of line, and one that is cut off. */
    expect("0::/system.slice/app.service", "app.service");
    expect("0::/system.slice/app.serv", NULL);
}

static void version_1_and_both(void **state)
{
    (void)state;
    expect("12:memory:/system.slice/other.service\n"
           "11:cpu,cpuacct:/\n"
           "1:name=systemd:/system.slice/app.service\n",
           "app.service");
    expect("5:devices:/system.slice/app.service\n"
           "1:name=systemd:/system.slice/app.service\n"
           "0::/system.slice/app.service\n",
           "app.service");
    /* An empty tree beside the one that is used. */
    expect("1:name=systemd:/\n0::/system.slice/app.service\n", "app.service");
    expect("9:name=systemd:/\n8:pids:/\n0::/\n", NULL);
    expect("3:name=systemd2:/system.slice/app.service\n2:memory:/x.service\n", NULL);
}

static void of_a_users_manager(void **state)
{
    (void)state;
    expect("0::/user.slice/user-1000.slice/user@1000.service/app.slice/job.service\n",
           "user@1000.service/job.service");
    expect("0::/user.slice/user-1000.slice/user@1000.service/init.scope\n",
           "user@1000.service/init.scope");
    expect("0::/user.slice/user-1000.slice/user@1000.service/app.slice/"
           "app-org.gnome.Terminal.slice/vte-spawn-2f.scope/deep\n",
           "user@1000.service/vte-spawn-2f.scope");
    expect("0::/user.slice/user-1000.slice/user@1000.service\n", "user@1000.service");
    expect("0::/user.slice/user-1000.slice/user@1000.service/x y.service\n", "user@1000.service");
}

/* Whoever is given a control group makes what he likes below it. */
static void names_of_its_own_are_not_believed(void **state)
{
    (void)state;
    expect("0::/system.slice/app.service/postgresql.service\n", "app.service");
    expect("0::/system.slice/app.service/system.slice/postgresql.service\n", "app.service");
    expect("0::/machine.slice/systemd-nspawn@box.service/payload/system.slice/postgresql.service\n",
           "systemd-nspawn@box.service");
    expect("0::/docker/4a5b6c/system.slice/postgresql.service\n", NULL);
    expect("0::/lxc.payload.box/system.slice/postgresql.service\n", NULL);
    expect("0::/user.slice/user-1000.slice/session-3.scope/postgresql.service\n",
           "session-3.scope");
}

static void outside_of_a_unit(void **state)
{
    (void)state;
    expect("", NULL);
    expect("0::/\n", NULL);
    expect("0::/user.slice\n", NULL);
    expect("0::/system.slice/cron.slice/\n", NULL);
    expect("0::/.service\n", NULL);
    expect("0::/service\n", NULL);
    /* Seen from within a control group namespace. */
    expect("0::/../../system.slice/app.service\n", "app.service");
    expect("0::/..\n", NULL);
}

static void nonsense(void **state)
{
    (void)state;
    expect("garbage\n\n:::\n::\n0:\n0::\n0::app.service\n", NULL);
    expect("0::/system.slice/a b.service\n", NULL);
    expect("0::/system.slice/a\033[2Jb.service\n", NULL);
    expect("0::/system.slice/\xc3\xa4.service\n", NULL);
    expect("0::/a\"b.service\n", NULL);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, "0::/");
    for (int i = 0; i < 247; i++)
        wv_strbuf_addc(&text, 'a');
    size_t longest = text.length;
    wv_strbuf_adds(&text, ".service");
    char *unit WV_AUTOFREE = wv_unit_parse(wv_strbuf_text(&text));
    assert_int_equal(strlen(unit), 255);
    text.length = longest;
    wv_strbuf_adds(&text, "a.service");
    expect(wv_strbuf_text(&text), NULL);
}

/* --- the file --- */

static char proc[] = "/tmp/woven-proc-XXXXXX";

static void write_cgroup(const char *text, size_t times)
{
    char *folder WV_AUTOFREE = wv_xasprintf("%s/42", proc);
    char *path WV_AUTOFREE = wv_xasprintf("%s/cgroup", folder);
    (void)mkdir(folder, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < times; i++)
        assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

static void from_the_file(void **state)
{
    (void)state;
    write_cgroup("0::/system.slice/app.service\n", 1);
    char *unit WV_AUTOFREE = wv_unit_of(proc, 42, getuid());
    assert_string_equal(unit, "app.service");
    /* Another one's process has the number by now; there is none; it is another's name space. */
    assert_null(wv_unit_of(proc, 42, getuid() + 1));
    assert_null(wv_unit_of(proc, 43, getuid()));
    assert_null(wv_unit_of(proc, 0, getuid()));
    /* Many lines before it, and more than any kernel writes. */
    write_cgroup("7:memory:/system.slice/other.service\n", 1000);
    assert_null(wv_unit_of(proc, 42, getuid()));
    write_cgroup("0::/system.slice/app.service\n", 4000);
    assert_null(wv_unit_of(proc, 42, getuid()));
    assert_null(wv_unit_of("/nowhere", 42, getuid()));
    /* Ourselves, whatever we run in. */
    char *own WV_AUTOFREE = wv_unit_of("/proc", getpid(), getuid());
    assert_true(own == NULL || strchr(own, '.') != NULL);
}

static int make_proc(void **state)
{
    (void)state;
    return mkdtemp(proc) != NULL ? 0 : -1;
}

static int remove_proc(void **state)
{
    (void)state;
    char *folder WV_AUTOFREE = wv_xasprintf("%s/42", proc);
    char *path WV_AUTOFREE = wv_xasprintf("%s/cgroup", folder);
    return unlink(path) == 0 && rmdir(folder) == 0 && rmdir(proc) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_2),
        cmocka_unit_test(version_1_and_both),
        cmocka_unit_test(of_a_users_manager),
        cmocka_unit_test(names_of_its_own_are_not_believed),
        cmocka_unit_test(outside_of_a_unit),
        cmocka_unit_test(nonsense),
        cmocka_unit_test_setup_teardown(from_the_file, make_proc, remove_proc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
