/* The composition root: builds the three threads' halves, joins them by mailboxes, and owns the
 * order of start and stop. Main thread only. */
#ifndef WV_APP_H
#define WV_APP_H

#include "config.h"

/* Checks what `--check` checks: settings, connection string, files. Problems go to the error. */
bool wv_app_check(const struct wv_config_options *options, struct wv_err *err) WV_MUST_CHECK;

/* True when a connection string holds a password. */
bool wv_app_has_password(const char *database);

/* Runs the daemon until it is told to stop. False: it could not start, or ended badly. */
bool wv_app_run(const struct wv_config_options *options, struct wv_err *err) WV_MUST_CHECK;

#endif
