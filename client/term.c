/* See term.h. Main thread. Refuses to know what is written. */
#include "term.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "display.h"

int wv_look_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

struct wv_look wv_look_at(int fd)
{
    struct wv_look look = {0};
    look.tty = isatty(fd) == 1;
    if (!look.tty)
        return look;
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    look.live = term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
    look.color = look.live && (no_color == NULL || *no_color == '\0');
    look.width = wv_look_width(fd);
    return look;
}

static const char *const codes[] = {
    [WV_PLAIN] = "",        [WV_BOLD] = "\033[1m",     [WV_DIM] = "\033[2m",
    [WV_RED] = "\033[31m",  [WV_GREEN] = "\033[32m",   [WV_YELLOW] = "\033[33m",
    [WV_BLUE] = "\033[34m", [WV_MAGENTA] = "\033[35m", [WV_CYAN] = "\033[36m"};

void wv_style_on(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style)
{
    if (look->color)
        wv_strbuf_adds(out, codes[style]);
}

void wv_style_off(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style)
{
    if (look->color && style != WV_PLAIN)
        wv_strbuf_adds(out, "\033[0m");
}

void wv_style_text(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style,
                   const char *text)
{
    wv_style_on(out, look, style);
    wv_display_add_line(out, text);
    wv_style_off(out, look, style);
}

bool wv_write_all(int fd, const struct wv_strbuf *text, struct wv_err *err)
{
    const char *data = wv_strbuf_text(text);
    size_t left = text->length;
    while (left > 0) {
        ssize_t count = write(fd, data, left);
        if (count >= 0) {
            data += count;
            left -= (size_t)count;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            /* The terminal was handed to us non-blocking. */
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            (void)poll(&wait, 1, 1000);
        } else if (errno == EPIPE) {
            return true;
        } else if (errno != EINTR) {
            return wv_err_set(err, WV_IO_ERROR, "cannot write the result: %s", strerror(errno));
        }
    }
    return true;
}

void wv_write_err(const struct wv_strbuf *text)
{
    struct wv_err err WV_AUTOERR = {0};
    (void)!wv_write_all(STDERR_FILENO, text, &err);
}
