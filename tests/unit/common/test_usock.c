/* Unit tests of usock on real sockets in a folder of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "usock.h"

static char folder[64];
static char path[96];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/wv_usock_XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/s", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static int open_listener(mode_t mode)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_usock_place place = {.path = path, .mode = mode};
    int fd = -1;
    if (!wv_usock_listen(&place, &fd, &err))
        fail_msg("%s", err.message);
    return fd;
}

static void mode_is_as_wanted_and_umask_is_kept(void **state)
{
    (void)state;
    mode_t old = umask(0022);
    int fd = open_listener(0660);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0660);
    assert_int_equal(umask(old), 0022);
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    close(fd);
}

static void a_live_socket_is_not_stolen_a_dead_one_is_replaced(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_usock_place place = {.path = path, .mode = 0600};
    int fd = open_listener(0600);
    int second = -1;
    assert_false(wv_usock_listen(&place, &second, &err));
    assert_int_equal(err.code, WV_IO_ERROR);
    assert_non_null(strstr(err.message, "another daemon"));
    assert_int_equal(second, -1);
    close(fd);
    close(open_listener(0600));
}

static void other_files_stay(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_usock_place place = {.path = path, .mode = 0600};
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    close(fd);
    assert_false(wv_usock_listen(&place, &fd, &err));
    assert_non_null(strstr(err.message, "not a socket"));
    assert_int_equal(access(path, F_OK), 0);
}

static void bad_places_are_named(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    char endless[200];
    memset(endless, 'x', sizeof(endless));
    endless[199] = '\0';
    int fd;
    assert_false(wv_usock_listen(&(struct wv_usock_place){.path = endless}, &fd, &err));
    assert_int_equal(err.code, WV_CONFIG_ERROR);
    assert_non_null(strstr(err.message, "longer than 107 bytes"));
    struct wv_usock_place grouped = {.path = path, .mode = 0600, .group = "no-such-group-here"};
    assert_false(wv_usock_listen(&grouped, &fd, &err));
    assert_int_equal(err.code, WV_CONFIG_ERROR);
    assert_false(wv_usock_listen(&(struct wv_usock_place){.path = "/nowhere/s"}, &fd, &err));
    assert_non_null(err.hint);
}

static void connecting_to_nobody_says_so(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    int fd = -1;
    assert_false(wv_usock_connect(path, WV_NEVER, &fd, &err));
    assert_int_equal(err.code, WV_NO_DAEMON);
    assert_non_null(err.hint);
    assert_int_equal(fd, -1);
}

static void connecting_to_a_full_backlog_ends_in_time(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 0), 0);
    int first = -1;
    int second = -1;
    assert_true(wv_usock_connect(path, wv_clock_ms() + 50, &first, &err));
    int64_t begin = wv_clock_ms();
    assert_false(wv_usock_connect(path, begin + 60, &second, &err));
    assert_int_equal(err.code, WV_TIMED_OUT);
    assert_true(wv_clock_ms() - begin >= 60);
    close(first);
    close(listener);
}

static void the_peer_is_known(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_peer peer = {0};
    int pair[2];
    gid_t groups[256];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_true(wv_usock_peer(pair[0], &peer, &err));
    assert_int_equal(peer.uid, geteuid());
    assert_int_equal(peer.pid, getpid());
    assert_true(wv_peer_in_group(&peer, getegid()));
    assert_false(wv_peer_in_group(&peer, 4242424));
    int count = getgroups(256, groups);
    for (int i = 0; i < count; i++)
        assert_true(wv_peer_in_group(&peer, groups[i]));
    wv_peer_clear(&peer);
    close(pair[0]);
    close(pair[1]);
}

/* In a child, as descriptor 3 is a matter of the process: 0 taken, 1 refused, 2 none passed. */
static int inherit(int fd, const char *count, long pid_offset)
{
    pid_t child = fork();
    if (child == 0) {
        char pid[32];
        struct wv_err err WV_AUTOERR = {0};
        int got = -2;
        snprintf(pid, sizeof(pid), "%ld", (long)getpid() + pid_offset);
        setenv("LISTEN_PID", pid, 1);
        setenv("LISTEN_FDS", count, 1);
        dup2(fd, 3);
        bool done = wv_usock_inherited(&got, &err);
        if (getenv("LISTEN_FDS") != NULL)
            _exit(9);
        if (done && got == 3 && (fcntl(3, F_GETFD) & FD_CLOEXEC) == 0)
            _exit(8);
        _exit(!done ? 1 : got == 3 ? 0 : 2);
    }
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

static void passed_sockets_are_checked(void **state)
{
    (void)state;
    int fd = open_listener(0600);
    int datagram = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int internet = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(inherit(fd, "1", 0), 0);
    assert_int_equal(inherit(fd, "1", 1), 2);
    assert_int_equal(inherit(fd, "2", 0), 1);
    assert_int_equal(inherit(fd, "0", 0), 2);
    assert_int_equal(inherit(datagram, "1", 0), 1);
    assert_int_equal(inherit(silent, "1", 0), 1);
    assert_int_equal(inherit(internet, "1", 0), 1);
    close(internet);
    close(silent);
    close(datagram);
    close(fd);
}

#define USOCK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        USOCK_TEST(mode_is_as_wanted_and_umask_is_kept),
        USOCK_TEST(a_live_socket_is_not_stolen_a_dead_one_is_replaced),
        USOCK_TEST(other_files_stay),
        USOCK_TEST(bad_places_are_named),
        USOCK_TEST(connecting_to_nobody_says_so),
        USOCK_TEST(connecting_to_a_full_backlog_ends_in_time),
        USOCK_TEST(the_peer_is_known),
        USOCK_TEST(passed_sockets_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
