/* The table of sessions, in the order of their numbers. Sessions are added, found and swept here;
 * what one of them does is session.c's. Loop thread. */
#include "sessions.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "session.h"

enum { SWEEP_MIN_MS = 20, SWEEP_MAX_MS = 1000 };

struct wv_sessions {
    struct event_base *base;
    struct wv_sessions_owner owner;
    struct wv_session **items; /* ascending numbers */
    size_t count;
    size_t capacity;
    uint64_t last_number;
    int64_t idle_ms;
    int64_t swept;
    bool restless; /* something is held back or dead: a turn is due at once */
};

struct wv_sessions *wv_sessions_new(struct event_base *base, int64_t idle_ms,
                                    const struct wv_sessions_owner *owner)
{
    struct wv_sessions *sessions = wv_xcalloc(1, sizeof(*sessions));
    sessions->base = base;
    sessions->owner = *owner;
    sessions->idle_ms = idle_ms;
    return sessions;
}

void wv_sessions_free(struct wv_sessions *sessions)
{
    if (sessions == NULL)
        return;
    for (size_t i = 0; i < sessions->count; i++)
        wv_session_free(sessions->items[i]);
    free(sessions->items);
    free(sessions);
}

void wv_sessions_set_idle(struct wv_sessions *sessions, int64_t idle_ms)
{
    sessions->idle_ms = idle_ms;
}

void wv_sessions_add(struct wv_sessions *sessions, int fd, struct wv_peer *peer)
{
    WV_GROW(sessions->items, sessions->count, sessions->capacity);
    sessions->items[sessions->count++] =
        wv_session_new(sessions->base, ++sessions->last_number, fd, peer, &sessions->owner);
}

size_t wv_sessions_count(const struct wv_sessions *sessions)
{
    return sessions->count;
}

size_t wv_sessions_count_uid(const struct wv_sessions *sessions, uid_t uid)
{
    size_t count = 0;
    for (size_t i = 0; i < sessions->count; i++)
        count += sessions->items[i]->peer.uid == uid;
    return count;
}

static struct wv_session *find(const struct wv_sessions *sessions, uint64_t number)
{
    size_t low = 0;
    size_t high = sessions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sessions->items[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sessions->count || sessions->items[low]->number != number)
        return NULL;
    return sessions->items[low]->phase == WV_SESSION_DEAD ? NULL : sessions->items[low];
}

const struct wv_peer *wv_sessions_peer(const struct wv_sessions *sessions, uint64_t session)
{
    const struct wv_session *found = find(sessions, session);
    return found != NULL ? &found->peer : NULL;
}

void wv_sessions_answer(struct wv_sessions *sessions, uint64_t session, char *text)
{
    struct wv_session *found = find(sessions, session);
    if (found != NULL) {
        found->in_flight--;
        found->active = wv_clock_ms();
        if (text != NULL)
            wv_session_send(found, text);
        if (!found->reading)
            sessions->restless = true;
    }
    free(text);
}

bool wv_sessions_behind(const struct wv_sessions *sessions, uint64_t session)
{
    const struct wv_session *found = find(sessions, session);
    return found != NULL && wv_session_behind(found);
}

void wv_sessions_tell(struct wv_sessions *sessions, uint64_t session, const char *text,
                      uint64_t serial)
{
    struct wv_session *found = find(sessions, session);
    if (found == NULL || (serial != 0 && found->serial == serial))
        return;
    found->serial = serial;
    wv_session_send(found, text);
}

void wv_sessions_end_all(struct wv_sessions *sessions)
{
    for (size_t i = 0; i < sessions->count; i++)
        wv_session_close(sessions->items[i], NULL);
    sessions->restless = true;
}

/* The owner is told first, while the table is whole: it may look sessions up. */
static void bury(struct wv_sessions *sessions)
{
    size_t kept = 0;
    for (size_t i = 0; i < sessions->count; i++)
        if (sessions->items[i]->phase == WV_SESSION_DEAD)
            sessions->owner.gone(sessions->owner.context, sessions->items[i]->number);
    for (size_t i = 0; i < sessions->count; i++) {
        if (sessions->items[i]->phase == WV_SESSION_DEAD)
            wv_session_free(sessions->items[i]);
        else
            sessions->items[kept++] = sessions->items[i];
    }
    sessions->count = kept;
}

static int64_t sweep_period(const struct wv_sessions *sessions)
{
    int64_t period = sessions->idle_ms > 0 ? sessions->idle_ms / 4 : SWEEP_MAX_MS;
    return period < SWEEP_MIN_MS ? SWEEP_MIN_MS : period > SWEEP_MAX_MS ? SWEEP_MAX_MS : period;
}

void wv_sessions_turn(struct wv_sessions *sessions, int64_t now)
{
    bool sweep = now - sessions->swept >= sweep_period(sessions);
    if (sweep)
        sessions->swept = now;
    sessions->restless = false;
    /* Sessions are only added by the listener, so the list does not change under this. */
    for (size_t i = 0; i < sessions->count; i++) {
        struct wv_session *session = sessions->items[i];
        if (session->phase == WV_SESSION_OPEN && (session->held || session->eof))
            wv_session_read(session);
        if (sweep)
            wv_session_sweep(session, now, sessions->idle_ms);
    }
    bury(sessions);
}

int64_t wv_sessions_next(const struct wv_sessions *sessions)
{
    if (sessions->restless)
        return 0;
    return sessions->count > 0 ? sessions->swept + sweep_period(sessions) : WV_NEVER;
}
