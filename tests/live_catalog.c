/* See live_catalog.h. */
#include "live_catalog.h"

#include <stdio.h>

bool live_catalog(struct wv_catalog **out, const char *conninfo,
                  const struct wv_inspect_options *options, struct wv_err *err)
{
    struct wv_pg *pg = NULL;
    struct wv_pg_wait wait = wv_pg_wait_ms(300000);
    struct wv_pg_options session = {.database = conninfo, .application_name = "live_catalog"};
    bool is_done =
        wv_pg_connect(&pg, &session, &wait, err) && wv_inspect(out, pg, options, &wait, err);
    wv_pg_close(pg);
    return is_done;
}

int live_failed(const struct wv_err *err)
{
    (void)fprintf(stderr, "%s: %s%s%s\n", wv_err_word(err->code), err->message,
                  err->hint == NULL ? "" : "\n", err->hint == NULL ? "" : err->hint);
    return 1;
}
