/* See gather.h. A request of its own goes to each desk; the last one that is answered answers the
 * client's. */
#include "gather.h"

#include <stdlib.h>

#include "log.h"
#include "proto.h"

struct wv_gather {
    struct wv_request *request; /* the client's */
    json_t *projects;           /* an object for each, with its name until it has answered */
    size_t waiting;
};

static void settle(struct wv_gather *gather)
{
    if (--gather->waiting > 0)
        return;
    wv_request_finish(gather->request, json_pack("{s:o}", "projects", gather->projects));
    free(gather);
}

void wv_gather_take(struct wv_gather *gather, size_t slot, json_t *result)
{
    json_object_update_new(json_array_get(gather->projects, slot), result);
    settle(gather);
}

void wv_gather_fail(struct wv_gather *gather, size_t slot, const struct wv_err *err)
{
    json_object_set_new(json_array_get(gather->projects, slot), "error", wv_proto_err_json(err));
    settle(gather);
}

static void ask(struct wv_gather *gather, struct wv_desk *desk, size_t slot)
{
    const struct wv_request *from = gather->request;
    struct wv_request *part = wv_xmemdup(from, sizeof(*from));
    part->id = json_null();
    part->params = json_incref(from->params);
    part->texts = (struct wv_passed_texts){0};
    part->desk = desk;
    part->gather = gather;
    part->slot = slot;
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_peer *peer = wv_sessions_peer(from->sessions, from->session);
    wv_log_set_project(desk->settings->project);
    if (wv_verb_allow(part->verb, desk->rights, peer, &err))
        part->verb->run(desk, part);
    else
        wv_request_fail(part, &err);
    wv_log_set_project(NULL);
}

void wv_gather(struct wv_control *control, struct wv_request *request)
{
    struct wv_gather *gather = wv_xcalloc(1, sizeof(*gather));
    gather->request = request;
    gather->projects = json_array();
    /* The one more is ours: answers may come before all have been asked. */
    gather->waiting = 1;
    for (size_t i = 0; i < control->desk_count; i++) {
        struct wv_desk *desk = control->desks[i];
        if (desk->removed)
            continue;
        size_t slot = json_array_size(gather->projects);
        json_array_append_new(gather->projects, json_pack("{s:o}", "project",
                                                          wv_proto_text(desk->settings->project)));
        gather->waiting++;
        ask(gather, desk, slot);
    }
    settle(gather);
}
