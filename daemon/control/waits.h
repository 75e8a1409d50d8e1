/* Clients that wait for revisions (migrate.wait): parked here, at no cost for the database. One
 * look at it serves them all: when one comes, when a job ends here, when another daemon tells that
 * one has ended there, and now and then in case that was not heard. Loop thread. */
#ifndef WV_WAITS_H
#define WV_WAITS_H

#include "message.h"
#include "request.h"

struct wv_desk;

struct wv_wait {
    struct wv_request *request;
    struct wv_strlist targets;
    int64_t since;    /* wv_clock_ms() */
    uint64_t born;    /* how many looks had begun by then: none of them is an answer to it */
    int64_t deadline; /* WV_NEVER: none */
    bool progress;
    char *told; /* what the client was told last, without times; NULL: nothing */
    char *text; /* the same as it stands now, with times */
    int64_t tell_due;
};

struct wv_waits {
    struct wv_wait *items;
    size_t count;
    size_t capacity;
    uint64_t looks;           /* how many have begun */
    struct wv_project *sound; /* the files when they last had no fault; NULL: nobody waits yet */
    bool asking;              /* one is under way */
    bool again;               /* and another one is to follow it */
    int64_t due;              /* of the next look that nobody asks for */
};

/* The database may be elsewhere now. */
void wv_waits_stir(struct wv_desk *desk);
void wv_waits_turn(struct wv_desk *desk, int64_t now);
int64_t wv_waits_next(const struct wv_waits *waits);
/* A client has gone. */
void wv_waits_forget(struct wv_waits *waits, uint64_t session);
/* Answers all with this error. */
void wv_waits_clear(struct wv_waits *waits, const struct wv_err *why);

#endif
