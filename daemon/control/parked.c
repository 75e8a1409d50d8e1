/* See parked.h. Refuses to know what a job does. Loop thread. */
#include "parked.h"

#include <stdlib.h>

#include "proto.h"
#include "sessions.h"

void wv_parked_add(struct wv_parked *parked, const struct wv_parked_item *item)
{
    WV_GROW(parked->items, parked->count, parked->capacity);
    parked->items[parked->count++] = *item;
}

static bool concerns(const struct wv_parked_item *item, uint64_t job)
{
    return item->job == job || item->as == WV_PARKED_WATCHER;
}

void wv_parked_tell(struct wv_parked *parked, uint64_t job, json_t *params, bool but_callers)
{
    char *text WV_AUTOFREE = NULL;
    parked->serial++;
    for (size_t i = 0; i < parked->count; i++) {
        const struct wv_parked_item *item = &parked->items[i];
        if (!item->progress || !concerns(item, job))
            continue;
        if (item->as == WV_PARKED_CALLER &&
            (but_callers || wv_sessions_behind(item->request->sessions, item->request->session)))
            continue; /* a slow caller misses progress, never its result */
        if (text == NULL)
            text = wv_proto_notification("job", params);
        wv_sessions_tell(item->request->sessions, item->request->session, text, parked->serial);
    }
}

void wv_parked_tell_caller(struct wv_parked *parked, uint64_t job, json_t *params)
{
    for (size_t i = 0; i < parked->count; i++) {
        const struct wv_parked_item *item = &parked->items[i];
        if (item->as != WV_PARKED_CALLER || item->job != job || !item->progress ||
            wv_sessions_behind(item->request->sessions, item->request->session))
            continue;
        char *text WV_AUTOFREE = wv_proto_notification("job", params);
        wv_sessions_tell(item->request->sessions, item->request->session, text, 0);
    }
}

uint64_t wv_parked_next_of(const struct wv_parked *parked, uint64_t session, size_t *at)
{
    while (*at < parked->count) {
        const struct wv_parked_item *item = &parked->items[(*at)++];
        if (item->as == WV_PARKED_CALLER && item->request->session == session)
            return item->job;
    }
    return 0;
}

static json_t *brief(uint64_t job, enum wv_outcome outcome)
{
    return json_pack("{s:I,s:s}", "job", (json_int_t)job, "outcome", wv_outcome_word(outcome));
}

/* Answering does not call back into this list: sessions go on in the next turn. */
void wv_parked_finish(struct wv_parked *parked, uint64_t job, enum wv_outcome outcome,
                      json_t *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < parked->count; i++) {
        struct wv_parked_item item = parked->items[i];
        if (!concerns(&item, job))
            parked->items[kept++] = item;
        else if (item.as == WV_PARKED_CALLER)
            wv_request_finish(item.request, json_incref(result));
        else
            wv_request_finish(item.request, brief(job, outcome));
    }
    parked->count = kept;
}

void wv_parked_stepped(struct wv_parked *parked, json_t *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < parked->count; i++) {
        struct wv_parked_item item = parked->items[i];
        if (item.as == WV_PARKED_STEPPER)
            wv_request_finish(item.request, json_incref(result));
        else
            parked->items[kept++] = item;
    }
    parked->count = kept;
}

void wv_parked_forget(struct wv_parked *parked, uint64_t session)
{
    size_t kept = 0;
    for (size_t i = 0; i < parked->count; i++) {
        struct wv_parked_item item = parked->items[i];
        if (item.as == WV_PARKED_WATCHER && item.request->session == session)
            wv_request_finish(item.request, json_null());
        else
            parked->items[kept++] = item;
    }
    parked->count = kept;
}

void wv_parked_clear(struct wv_parked *parked, const struct wv_err *why)
{
    for (size_t i = 0; i < parked->count; i++)
        wv_request_fail(parked->items[i].request, why);
    free(parked->items);
    parked->items = NULL;
    parked->count = parked->capacity = 0;
}
