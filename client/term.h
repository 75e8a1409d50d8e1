/* The two outputs of the program: what they are (terminal, width, colour) and writing to them
 * whole. No stdio: a result is gathered in a buffer and written at once. */
#ifndef WV_TERM_H
#define WV_TERM_H

#include <stdbool.h>

#include "err.h"
#include "strbuf.h"

enum wv_style {
    WV_PLAIN,
    WV_BOLD,
    WV_DIM,
    WV_RED,
    WV_GREEN,
    WV_YELLOW,
    WV_BLUE,
    WV_MAGENTA,
    WV_CYAN,
};

/* How text may look where it goes. */
struct wv_look {
    bool tty;   /* a terminal */
    bool live;  /* one on which a line can be redrawn (not TERM=dumb) */
    bool color; /* live, and NO_COLOR is not set (https://no-color.org) */
    int width;  /* columns; 0: unlimited, off a terminal */
};

struct wv_look wv_look_at(int fd);
/* The columns now: a window may be resized at any time. */
int wv_look_width(int fd);

/* Turns a style on and off; nothing without colour. */
void wv_style_on(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style);
void wv_style_off(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style);
/* Foreign text, escaped, in a style. */
void wv_style_text(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style,
                   const char *text);

/* Writes all of it. A reader that went away (EPIPE) is no error: what it wanted it has. */
bool wv_write_all(int fd, const struct wv_strbuf *text, struct wv_err *err) WV_MUST_CHECK;
/* For messages on standard error, where nothing can be done about a failure. */
void wv_write_err(const struct wv_strbuf *text);

#endif
