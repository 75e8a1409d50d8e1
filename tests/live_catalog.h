/* What the test programs that read a live database share. */
#ifndef WV_LIVE_CATALOG_H
#define WV_LIVE_CATALOG_H

#include "inspect.h"

/* Connects, reads, and closes. `*out` is the caller's. */
bool live_catalog(struct wv_catalog **out, const char *conninfo,
                  const struct wv_inspect_options *options, struct wv_err *err);
/* The same in two steps, for who reads again and again. Closed by wv_pg_close(). */
bool live_connect(struct wv_pg **out, const char *conninfo, struct wv_err *err);
bool live_read(struct wv_catalog **out, struct wv_pg *pg, const struct wv_inspect_options *options,
               struct wv_err *err);
/* Prints the error; returns 1, for main(). */
int live_failed(const struct wv_err *err);

#endif
