/* Stopping one project, in strengths: at first its running job may finish for the grace time, then
 * it is cancelled. New jobs are refused from the beginning on, questions are answered to the end.
 * Loop thread. */
#ifndef WV_STOP_H
#define WV_STOP_H

#include "message.h"

struct wv_desk;
struct wv_request;

enum wv_strength { WV_SERVING, WV_FINISHING, WV_CANCELLING };

struct wv_stop {
    enum wv_strength strength;
    int64_t grace_by; /* FINISHING: when patience ends */
    bool migrator_ended;
    bool proof_ended;
    bool watcher_ended;
};

void wv_stop_begin(struct wv_desk *desk);
/* Once begun: patience is over. */
void wv_stop_cancel(struct wv_desk *desk, const char *why);
/* WV_MSG_EXITED. */
void wv_stop_ended(struct wv_desk *desk, enum wv_thread thread);
void wv_stop_turn(struct wv_desk *desk, int64_t now);
int64_t wv_stop_next(const struct wv_stop *stop);
/* Says why nothing is begun any more. Returns false. */
bool wv_stop_refuse(const struct wv_desk *desk, struct wv_err *err);
/* True: the watcher has ended, while other projects go on, and the request has been told. */
bool wv_stop_refuse_questions(const struct wv_desk *desk, struct wv_request *request);
/* Both threads have ended, and nobody waits for them any more. */
bool wv_stop_over(const struct wv_stop *stop);

#endif
