/* The order: no new clients, the projects, the clients' last lines. Loop thread. Refuses to know
 * signals and threads. */
#include "shutdown.h"

#include "clock.h"
#include "control_parts.h"
#include "log.h"

enum { FLUSH_MS = 1000 };

void wv_shutdown_begin(struct wv_control *control)
{
    if (control->shutdown.begun)
        return;
    control->shutdown.begun = true;
    wv_notify_stopping(&control->notify);
    wv_listener_free(control->listener);
    control->listener = NULL;
    for (size_t i = 0; i < control->desk_count; i++)
        wv_stop_begin(control->desks[i]);
}

void wv_shutdown_signal(struct wv_control *control)
{
    if (!control->shutdown.begun) {
        wv_shutdown_begin(control);
        return;
    }
    for (size_t i = 0; i < control->desk_count; i++)
        wv_stop_cancel(control->desks[i], "asked to stop again");
}

static bool is_used(const struct wv_control *control)
{
    bool used = wv_sessions_count(control->sessions) > 0;
    for (size_t i = 0; i < control->desk_count; i++) {
        const struct wv_board *board = &control->desks[i]->board;
        used = used || wv_board_running(board) != NULL || wv_board_waiting(board) > 0;
    }
    return used;
}

static int64_t unused_until(const struct wv_control *control)
{
    const struct wv_shutdown *shutdown = &control->shutdown;
    int64_t limit = control->settings->timeouts.idle_exit;
    return limit > 0 && shutdown->unused > 0 ? shutdown->unused + limit : WV_NEVER;
}

void wv_shutdown_unused(struct wv_control *control, int64_t now)
{
    if (control->shutdown.begun)
        return;
    if (is_used(control))
        control->shutdown.unused = 0;
    else if (control->shutdown.unused == 0)
        control->shutdown.unused = now;
    if (now < unused_until(control))
        return;
    wv_log(WV_LOG_NOTICE, "control", "nobody has used this daemon for a while: it ends");
    wv_shutdown_begin(control);
}

void wv_shutdown_turn(struct wv_control *control)
{
    if (!control->shutdown.begun || control->shutdown.flush_by != 0)
        return;
    for (size_t i = 0; i < control->desk_count; i++)
        if (!wv_stop_over(&control->desks[i]->stop))
            return;
    wv_sessions_end_all(control->sessions);
    control->shutdown.flush_by = wv_clock_ms() + FLUSH_MS;
}

int64_t wv_shutdown_next(const struct wv_control *control)
{
    if (!control->shutdown.begun)
        return unused_until(control);
    return control->shutdown.flush_by != 0 ? control->shutdown.flush_by : WV_NEVER;
}

bool wv_shutdown_over(const struct wv_control *control, int64_t now)
{
    int64_t flush_by = control->shutdown.flush_by;
    return flush_by != 0 && (wv_sessions_count(control->sessions) == 0 || now >= flush_by);
}
