/* See live_catalog.h. */
#include "live_catalog.h"

#include <stdio.h>

enum { PATIENCE_MS = 300000 };

bool live_connect(struct wv_pg **out, const char *conninfo, struct wv_err *err)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    struct wv_pg_options session = {.database = conninfo, .application_name = "live_catalog"};
    return wv_pg_connect(out, &session, &wait, err);
}

bool live_read(struct wv_catalog **out, struct wv_pg *pg, const struct wv_inspect_options *options,
               struct wv_err *err)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    return wv_inspect(out, pg, options, &wait, err);
}

bool live_catalog(struct wv_catalog **out, const char *conninfo,
                  const struct wv_inspect_options *options, struct wv_err *err)
{
    struct wv_pg *pg = NULL;
    bool is_done = live_connect(&pg, conninfo, err) && live_read(out, pg, options, err);
    wv_pg_close(pg);
    return is_done;
}

int live_failed(const struct wv_err *err)
{
    (void)fprintf(stderr, "%s: %s%s%s\n", wv_err_word(err->code), err->message,
                  err->hint == NULL ? "" : "\n", err->hint == NULL ? "" : err->hint);
    return 1;
}
