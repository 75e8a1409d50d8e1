/* The daemon's settings: file, then environment, then options, each over the one before, made into
 * a validated value for each project: the top level, and every section `database`. All faults are
 * reported at once. Called from the main thread, at start and at each reload. */
#ifndef WV_CONFIG_H
#define WV_CONFIG_H

#include "err.h"
#include "settings.h"

/* What the command line says; NULL where it says nothing. Borrowed. */
struct wv_config_options {
    const char *file; /* else WOVEN_CONFIG, else WV_CONFIG_DEFAULT_FILE */
    const char *database;
    const char *socket;
    const char *project;
    const char *log_level;
    const char *idle_exit;
    /* Whether libpq understands a connection string; the error must not repeat it. */
    bool (*check_database)(const char *database, struct wv_err *err);
    /* Whether the engine understands a pattern of `ignore`. */
    bool (*check_ignore)(const char *pattern, struct wv_err *err);
};

#define WV_CONFIG_DEFAULT_FILE "/etc/woven/woven.conf"

/* The settings, the caller's own. WV_CONFIG_ERROR with a problem for each fault. */
bool wv_config_load(struct wv_settings_set *out, const struct wv_config_options *options,
                    struct wv_err *err) WV_MUST_CHECK;

#endif
