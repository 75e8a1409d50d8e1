/* One client's life; for sessions.c alone. */
#ifndef WV_SESSION_H
#define WV_SESSION_H

#include "intake.h"
#include "sessions.h"

struct bufferevent;
struct event;

enum wv_session_phase {
    WV_SESSION_OPEN,
    WV_SESSION_CLOSING, /* what is to be sent is sent, input is thrown away */
    WV_SESSION_DEAD,    /* freed after this turn */
};

struct wv_session {
    uint64_t number;
    struct wv_peer peer;
    const struct wv_sessions_owner *owner;
    struct bufferevent *stream; /* for what is sent; it does not read */
    struct event *readable;     /* pending while `listening` */
    bool listening;
    struct wv_intake intake;
    enum wv_session_phase phase;
    size_t in_flight;
    bool eof;         /* the client sends no more */
    bool reading;     /* within wv_session_read: no second entry */
    bool held;        /* whole lines may wait in the buffers */
    bool told_end;    /* our side is shut down */
    int64_t active;   /* when it last said or took something whole */
    int64_t close_by; /* CLOSING: when patience ends */
    uint64_t serial;  /* of the last notification */
};

struct wv_session *wv_session_new(struct event_base *base, uint64_t number, int fd,
                                  struct wv_peer *peer, const struct wv_sessions_owner *owner);
void wv_session_free(struct wv_session *session);
/* Hands whole lines that were read to the owner as far as the bounds allow. */
void wv_session_read(struct wv_session *session);
void wv_session_send(struct wv_session *session, const char *text);
/* A quarter of what may be unread is. */
bool wv_session_behind(const struct wv_session *session);
void wv_session_close(struct wv_session *session, const struct wv_err *err);
/* What time alone decides: idle, deaf, gone. */
void wv_session_sweep(struct wv_session *session, int64_t now, int64_t idle_ms);

#endif
