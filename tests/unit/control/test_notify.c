/* sd_notify by hand, against a datagram socket of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "log.h"
#include "notify.h"

static char name[64];

/* A receiver; `abstract` names begin with @ outside and with NUL inside. */
static int receiver(bool abstract)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(name, sizeof(name), "%s/wv_notify_%d", abstract ? "@" : "/tmp", (int)getpid());
    strcpy(address.sun_path, name);
    if (abstract)
        address.sun_path[0] = '\0';
    else
        unlink(name);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static void expect(int fd, const char *wanted)
{
    char text[256];
    ssize_t length = recv(fd, text, sizeof(text) - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    assert_string_equal(text, wanted);
}

static void messages_arrive(bool abstract)
{
    struct wv_notify notify;
    int fd = receiver(abstract);
    wv_notify_open(&notify);
    assert_null(getenv("NOTIFY_SOCKET"));
    wv_notify_ready(&notify);
    expect(fd, "READY=1");
    wv_notify_status(&notify, "leader\nREADY=0");
    expect(fd, "STATUS=leader READY=0");
    wv_notify_status(&notify, "leader\nREADY=0");
    expect(fd, "");
    wv_notify_stopping(&notify);
    expect(fd, "STOPPING=1");
    assert_int_equal(notify.watchdog_ms, 0);
    assert_true(wv_notify_next(&notify) == WV_NEVER);
    wv_notify_close(&notify);
    close(fd);
    unlink(name);
}

static void a_path_is_reached(void **state)
{
    (void)state;
    messages_arrive(false);
}

static void an_abstract_name_is_reached(void **state)
{
    (void)state;
    messages_arrive(true);
}

static void reloading_carries_the_clock(void **state)
{
    (void)state;
    struct wv_notify notify;
    char text[256];
    long long usec = 0;
    int fd = receiver(true);
    wv_notify_open(&notify);
    wv_notify_reloading(&notify);
    ssize_t length = recv(fd, text, sizeof(text) - 1, 0);
    assert_true(length > 0);
    text[length] = '\0';
    assert_int_equal(sscanf(text, "RELOADING=1\nMONOTONIC_USEC=%lld", &usec), 1);
    assert_true(llabs(usec / 1000 - wv_clock_ms()) < 5000);
    wv_notify_close(&notify);
    close(fd);
}

static void the_watchdog_is_fed_at_half_time(void **state)
{
    (void)state;
    struct wv_notify notify;
    char pid[32];
    int fd = receiver(true);
    snprintf(pid, sizeof(pid), "%d", (int)getpid());
    setenv("WATCHDOG_USEC", "3000000", 1);
    setenv("WATCHDOG_PID", pid, 1);
    wv_notify_open(&notify);
    assert_int_equal(notify.watchdog_ms, 1500);
    wv_notify_turn(&notify, 1000);
    expect(fd, "WATCHDOG=1");
    assert_int_equal(wv_notify_next(&notify), 2500);
    wv_notify_turn(&notify, 2499);
    expect(fd, "");
    wv_notify_turn(&notify, 2500);
    expect(fd, "WATCHDOG=1");
    wv_notify_close(&notify);
    close(fd);
}

static void another_process_has_the_watchdog(void **state)
{
    (void)state;
    struct wv_notify notify;
    int fd = receiver(true);
    setenv("WATCHDOG_USEC", "3000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    wv_notify_open(&notify);
    assert_int_equal(notify.watchdog_ms, 0);
    wv_notify_close(&notify);
    close(fd);
}

static void without_a_manager_nothing_happens(void **state)
{
    (void)state;
    struct wv_notify notify;
    unsetenv("NOTIFY_SOCKET");
    setenv("WATCHDOG_USEC", "3000000", 1);
    wv_notify_open(&notify);
    wv_notify_ready(&notify);
    wv_notify_status(&notify, "x");
    assert_int_equal(notify.fd, -1);
    assert_true(wv_notify_next(&notify) == WV_NEVER);
    wv_notify_close(&notify);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_reached),
        cmocka_unit_test(an_abstract_name_is_reached),
        cmocka_unit_test(reloading_carries_the_clock),
        cmocka_unit_test(the_watchdog_is_fed_at_half_time),
        cmocka_unit_test(another_process_has_the_watchdog),
        cmocka_unit_test(without_a_manager_nothing_happens),
    };
    wv_log_init(WV_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
