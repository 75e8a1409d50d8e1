/* The connected clients: one session each, named by a number that is never used again. Bytes become
 * lines, which go to the owner; what the owner has to say goes back in order. A session never
 * blocks and never disturbs another: what it may cost is bounded, and past a bound it is told why
 * and closed. Loop thread. Knows no method and no JSON but the error that ends a session. */
#ifndef WV_SESSIONS_H
#define WV_SESSIONS_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "passed_texts.h"
#include "usock.h"

struct event_base;
struct wv_sessions;

enum {
    WV_SESSION_IN_FLIGHT = 16,       /* requests not yet answered; above it nothing is read */
    WV_SESSION_OUTPUT = 1024 * 1024, /* bytes not yet taken by the client; above it: LAGGING */
    WV_SESSION_CLOSE_MS = 2000,      /* a closing session may take this long to read the reason */
};

struct wv_sessions_owner {
    /* One line, and the descriptors that came with its bytes, which the owner may move out. The
     * owner answers it by exactly one wv_sessions_answer(), now or later. */
    void (*line)(void *context, uint64_t session, const char *line, size_t length,
                 struct wv_passed_texts *texts);
    /* Whether descriptors are taken of this client: each is one less for others. The kernel closes
     * what anybody else sends, while we read; what blocks who closes it (of a file system that
     * hangs, a TCP socket that lingers) is beyond us. */
    bool (*trusts)(void *context, const struct wv_peer *peer);
    /* The client has gone; answers to it are dropped from now on. */
    void (*gone)(void *context, uint64_t session);
    void *context;
};

/* `idle_ms` as in the settings: 0 is no limit. */
struct wv_sessions *wv_sessions_new(struct event_base *base, int64_t idle_ms,
                                    const struct wv_sessions_owner *owner);
void wv_sessions_free(struct wv_sessions *sessions);
void wv_sessions_set_idle(struct wv_sessions *sessions, int64_t idle_ms);

/* Takes over the descriptor (non-blocking) and the peer's content. */
void wv_sessions_add(struct wv_sessions *sessions, int fd, struct wv_peer *peer);
size_t wv_sessions_count(const struct wv_sessions *sessions);
size_t wv_sessions_count_uid(const struct wv_sessions *sessions, uid_t uid);
/* Who that is, borrowed for this turn of the loop; NULL when gone. */
const struct wv_peer *wv_sessions_peer(const struct wv_sessions *sessions, uint64_t session);

/* Answers one line; `text` (with its LF) is taken over, NULL when nobody wants the answer. */
void wv_sessions_answer(struct wv_sessions *sessions, uint64_t session, char *text);
/* Whether the client reads so slowly that what it can do without should be left out. */
bool wv_sessions_behind(const struct wv_sessions *sessions, uint64_t session);
/* Sends a line besides the answers. Of several with the same `serial` (not 0) a session gets the
 * first. */
void wv_sessions_tell(struct wv_sessions *sessions, uint64_t session, const char *text,
                      uint64_t serial);
/* Reads no more lines and closes each session once it has read what was answered. */
void wv_sessions_end_all(struct wv_sessions *sessions);

/* Once after each turn of the loop: goes on with what was held back, frees what has died, closes
 * the idle. */
void wv_sessions_turn(struct wv_sessions *sessions, int64_t now);
/* When the next turn is due at the latest (wv_clock_ms). */
int64_t wv_sessions_next(const struct wv_sessions *sessions);

#endif
