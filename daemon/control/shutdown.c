/* The order: no new clients, the projects, the clients' last lines. Loop thread. Refuses to know
 * signals and threads. */
#include "shutdown.h"

#include "clock.h"
#include "control_parts.h"

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

int64_t wv_shutdown_next(const struct wv_shutdown *shutdown)
{
    return shutdown->flush_by != 0 ? shutdown->flush_by : WV_NEVER;
}

bool wv_shutdown_over(const struct wv_control *control, int64_t now)
{
    int64_t flush_by = control->shutdown.flush_by;
    return flush_by != 0 && (wv_sessions_count(control->sessions) == 0 || now >= flush_by);
}
