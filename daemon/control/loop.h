/* The event loop itself: what wakes it, and the turn that follows. Loop thread. */
#ifndef WV_LOOP_H
#define WV_LOOP_H

struct event_base;
struct wv_control;
struct wv_desk;
struct wv_loop;

struct wv_loop *wv_loop_new(struct wv_control *control);
void wv_loop_free(struct wv_loop *loop);
struct event_base *wv_loop_base(const struct wv_loop *loop);
/* The loop wakes for what comes from the desk's threads. */
void wv_loop_attach(struct wv_loop *loop, struct wv_desk *desk);
void wv_loop_detach(struct wv_desk *desk);
/* Until wv_shutdown_over(). */
void wv_loop_run(struct wv_loop *loop);

#endif
