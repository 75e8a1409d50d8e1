/* See lookups.h. Refuses to know what is looked up. */
#include "lookups.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "control_parts.h"

void wv_look_up(struct wv_desk *desk, struct wv_request *request, struct wv_message *message,
                wv_lookup_then *then)
{
    struct wv_lookups *lookups = &desk->lookups;
    if (wv_stop_refuse_questions(desk, request)) {
        wv_message_free(message);
        return;
    }
    message->lookup.question = ++lookups->last_number;
    message->lookup.deadline = wv_clock_ms() + WV_LOOKING_UP_MS;
    WV_GROW(lookups->items, lookups->count, lookups->capacity);
    lookups->items[lookups->count++] = (struct wv_lookup_item){message->lookup.question, request,
                                                               then, wv_clock_ms() + WV_LOOKUP_MS};
    wv_mailbox_put(desk->to_watcher, message);
}

static struct wv_lookup_item take(struct wv_lookups *lookups, size_t index)
{
    struct wv_lookup_item item = lookups->items[index];
    lookups->count--;
    memmove(&lookups->items[index], &lookups->items[index + 1],
            (lookups->count - index) * sizeof(item));
    return item;
}

void wv_lookups_found(struct wv_desk *desk, struct wv_message *found)
{
    struct wv_lookups *lookups = &desk->lookups;
    for (size_t i = 0; i < lookups->count; i++) {
        if (lookups->items[i].number != found->found.question)
            continue;
        struct wv_lookup_item item = take(lookups, i);
        item.then(desk, item.request, found);
        return;
    }
}

void wv_lookups_turn(struct wv_desk *desk, int64_t now)
{
    while (wv_lookups_next(&desk->lookups) <= now && desk->lookups.count > 0) {
        struct wv_lookup_item item = take(&desk->lookups, 0);
        item.then(desk, item.request, NULL);
    }
}

int64_t wv_lookups_next(const struct wv_lookups *lookups)
{
    return lookups->count > 0 ? lookups->items[0].deadline : WV_NEVER;
}

void wv_lookups_clear(struct wv_lookups *lookups, const struct wv_err *why)
{
    for (size_t i = 0; i < lookups->count; i++)
        wv_request_fail(lookups->items[i].request, why);
    free(lookups->items);
    *lookups = (struct wv_lookups){0};
}
