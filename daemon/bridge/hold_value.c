/* See hold_value.h. */
#include "hold_value.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

void wv_release_copy(struct wv_release *to, const struct wv_release *from)
{
    struct wv_release copy = *from;
    copy.fault = wv_xstrdup(from->fault);
    wv_release_clear(to);
    *to = copy;
}

void wv_release_clear(struct wv_release *release)
{
    free(release->fault);
    *release = (struct wv_release){0};
}

bool wv_release_is_success(const struct wv_release *release)
{
    return !release->gone && release->fault == NULL && release->signal == 0 &&
           release->exit_status == 0;
}

char *wv_release_text(const struct wv_release *release, const char *program)
{
    const char *name = sigabbrev_np(release->signal);
    if (release->gone)
        return wv_xasprintf(
            "the client that ran %s has gone; whether its command has ended is not known", program);
    if (release->fault != NULL)
        return wv_xasprintf("%s was not started: %s", program, release->fault);
    if (name != NULL && release->signal != 0)
        return wv_xasprintf("%s was ended by SIG%s", program, name);
    if (release->signal != 0)
        return wv_xasprintf("%s was ended by signal %d", program, release->signal);
    return wv_xasprintf("%s ended with exit status %d", program, release->exit_status);
}

void wv_held_clear(struct wv_held *held)
{
    wv_release_clear(&held->release);
    *held = (struct wv_held){0};
}
