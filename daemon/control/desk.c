/* See desk.h. Puts the parts of one project together; what each does is its own. */
#include "desk.h"

#include <stdlib.h>

#include "clock.h"
#include "control_parts.h"
#include "lock.h"
#include "log.h"

/* Of the watcher's and the loop's; those of who runs jobs are bounded by the jobs that may wait. */
enum { MAILBOX_CAPACITY = 1024 };

struct wv_desk *wv_desk_new(struct wv_control *control, struct wv_settings *settings)
{
    struct wv_desk *desk = wv_xcalloc(1, sizeof(*desk));
    desk->control = control;
    desk->settings = settings;
    desk->rights = wv_rights_new(&settings->access);
    desk->files = wv_files_new(&settings->versions);
    wv_board_init(&desk->board);
    desk->to_migrator = wv_mailbox_new((size_t)settings->limits.jobs);
    desk->to_watcher = wv_mailbox_new(MAILBOX_CAPACITY);
    desk->to_proof = wv_mailbox_new((size_t)settings->limits.jobs);
    desk->from_threads = wv_mailbox_new(MAILBOX_CAPACITY);
    struct wv_mailboxes boxes = {.to_migrator = desk->to_migrator,
                                 .to_watcher = desk->to_watcher,
                                 .to_proof = desk->to_proof,
                                 .to_loop = desk->from_threads};
    desk->threads = control->hooks.start(control->hooks.context, settings, &boxes);
    return desk;
}

void wv_desk_free(struct wv_desk *desk)
{
    if (desk == NULL)
        return;
    struct wv_err why WV_AUTOERR = {0};
    wv_stop_refuse(desk, &why);
    desk->control->hooks.join(desk->control->hooks.context, desk->threads);
    wv_parked_clear(&desk->parked, &why);
    wv_waits_clear(&desk->waits, &why);
    wv_presence_clear(&desk->presence);
    wv_asks_clear(&desk->asks, &why);
    wv_lookups_clear(&desk->lookups, &why);
    wv_mailbox_free(desk->to_migrator);
    wv_mailbox_free(desk->to_watcher);
    wv_mailbox_free(desk->to_proof);
    wv_mailbox_free(desk->from_threads);
    wv_files_free(desk->files);
    wv_rights_free(desk->rights);
    wv_board_clear(&desk->board);
    wv_settings_free(desk->settings);
    free(desk);
}

static void post_settings(struct wv_mailbox *box, const struct wv_settings *settings)
{
    struct wv_message *message = wv_message_new(WV_MSG_SETTINGS);
    message->settings = wv_settings_copy(settings);
    wv_mailbox_put(box, message);
}

void wv_desk_set_settings(struct wv_desk *desk, struct wv_settings *settings)
{
    bool changed = !wv_settings_same_project(desk->settings, settings);
    wv_settings_free(desk->settings);
    desk->settings = settings;
    wv_rights_free(desk->rights);
    desk->rights = wv_rights_new(&settings->access);
    wv_files_set_dirs(desk->files, &settings->versions);
    if (!changed)
        return;
    post_settings(desk->to_migrator, settings);
    post_settings(desk->to_watcher, settings);
    post_settings(desk->to_proof, settings);
}

struct wv_mailbox *wv_desk_box_of(const struct wv_desk *desk, enum wv_job_kind kind)
{
    return wv_job_is_proof(kind) ? desk->to_proof : desk->to_migrator;
}

void wv_desk_forget(struct wv_desk *desk, uint64_t session)
{
    wv_lock_gone(desk, session);
    wv_parked_forget(&desk->parked, session);
    wv_waits_forget(&desk->waits, session);
}

void wv_desk_turn(struct wv_desk *desk, int64_t now)
{
    wv_log_set_project(desk->settings->project);
    wv_asks_turn(desk, now);
    wv_waits_turn(desk, now);
    wv_presence_turn(desk, now);
    wv_lookups_turn(desk, now);
    wv_stop_turn(desk, now);
    wv_log_set_project(NULL);
}

int64_t wv_desk_next(const struct wv_desk *desk)
{
    int64_t due = wv_asks_next(&desk->asks);
    due = wv_clock_earlier(due, wv_waits_next(&desk->waits));
    due = wv_clock_earlier(due, wv_presence_next(desk));
    due = wv_clock_earlier(due, wv_lookups_next(&desk->lookups));
    return wv_clock_earlier(due, wv_stop_next(&desk->stop));
}
