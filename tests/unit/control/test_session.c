/* Unit tests of what time alone decides about a client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "session.h"

enum { IDLE_MS = 60000 };

static void on_line(void *context, uint64_t session, const char *line, size_t length,
                    struct wv_passed_texts *texts)
{
    (void)context;
    (void)session;
    (void)line;
    (void)length;
    (void)texts;
}

static void who_waits_long_has_time_to_read_what_comes_then(void **state)
{
    (void)state;
    static const struct wv_sessions_owner owner = {.line = on_line};
    struct event_base *base = event_base_new();
    struct wv_peer peer = {0};
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    struct wv_session *session = wv_session_new(base, 1, ends[0], &peer, &owner);
    session->in_flight = 1;
    session->active -= 2 * IDLE_MS;
    wv_session_send(session, "news\n");
    wv_session_sweep(session, wv_clock_ms(), IDLE_MS);
    assert_int_equal(session->phase, WV_SESSION_OPEN);
    session->active -= 2 * IDLE_MS;
    wv_session_send(session, "more\n");
    wv_session_sweep(session, wv_clock_ms(), IDLE_MS);
    assert_int_equal(session->phase, WV_SESSION_DEAD);
    wv_session_free(session);
    event_base_free(base);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_long_has_time_to_read_what_comes_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
