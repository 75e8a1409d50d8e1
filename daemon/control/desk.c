/* See desk.h. Puts the parts of one project together; what each does is its own. */
#include "desk.h"

#include <stdlib.h>

#include "clock.h"
#include "lock.h"

struct wv_desk *wv_desk_new(const struct wv_desk_options *options)
{
    struct wv_desk *desk = wv_xcalloc(1, sizeof(*desk));
    desk->control = options->control;
    desk->settings = wv_settings_copy(options->settings);
    desk->to_migrator = options->to_migrator;
    desk->to_watcher = options->to_watcher;
    desk->to_proof = options->to_proof;
    desk->stop.proof_ended = options->to_proof == NULL;
    desk->from_threads = options->from_threads;
    desk->rights = wv_rights_new(&desk->settings->access);
    desk->files = wv_files_new(&desk->settings->versions);
    wv_board_init(&desk->board);
    return desk;
}

void wv_desk_free(struct wv_desk *desk)
{
    if (desk == NULL)
        return;
    wv_parked_clear(&desk->parked);
    wv_waits_clear(&desk->waits);
    wv_presence_clear(&desk->presence);
    wv_asks_clear(&desk->asks);
    wv_lookups_clear(&desk->lookups);
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
    wv_settings_free(desk->settings);
    desk->settings = settings;
    wv_rights_free(desk->rights);
    desk->rights = wv_rights_new(&settings->access);
    wv_files_set_dirs(desk->files, &settings->versions);
    post_settings(desk->to_migrator, settings);
    post_settings(desk->to_watcher, settings);
    if (desk->to_proof != NULL)
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
    wv_asks_turn(desk, now);
    wv_waits_turn(desk, now);
    wv_presence_turn(desk, now);
    wv_lookups_turn(desk, now);
    wv_stop_turn(desk, now);
}

int64_t wv_desk_next(const struct wv_desk *desk)
{
    int64_t due = wv_asks_next(&desk->asks);
    due = wv_clock_earlier(due, wv_waits_next(&desk->waits));
    due = wv_clock_earlier(due, wv_presence_next(desk));
    due = wv_clock_earlier(due, wv_lookups_next(&desk->lookups));
    return wv_clock_earlier(due, wv_stop_next(&desk->stop));
}
