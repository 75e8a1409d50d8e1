/* The settings by name: their preset values, and what makes a text a good value. For config.c,
 * which knows where the texts come from. Main thread. */
#ifndef WV_CONFIG_VALUE_H
#define WV_CONFIG_VALUE_H

#include "err.h"
#include "settings.h"

/* One run of loading: where values go and faults are gathered. */
struct wv_config_run {
    struct wv_settings *settings; /* `directory` is set first */
    const char *file;
    const char *source; /* of values that are not from the file: a variable or an option */
    struct wv_problems problems;
    bool (*check_database)(const char *database, struct wv_err *err);
    bool (*check_ignore)(const char *pattern, struct wv_err *err);
};

/* A setting of one text. `set` takes the text over into the settings, or notes a fault; `line` 0:
 * not from the file. */
struct wv_config_scalar {
    const char *key;
    const char *preset;   /* NULL: stays unset */
    const char *variable; /* of the environment; NULL: none */
    void (*set)(struct wv_config_run *run, const char *text, int line);
};

struct wv_config_duration {
    const char *key; /* in section timeouts */
    size_t slot;
    int64_t preset;
    int64_t least;
};

struct wv_config_limit {
    const char *key; /* in section limits */
    size_t slot;
    int preset;
};

enum { WV_CONFIG_SCALARS = 19, WV_CONFIG_DURATIONS = 7, WV_CONFIG_LIMITS = 3 };

extern const struct wv_config_scalar wv_config_scalars[WV_CONFIG_SCALARS];
extern const struct wv_config_duration wv_config_durations[WV_CONFIG_DURATIONS];
extern const struct wv_config_limit wv_config_limits[WV_CONFIG_LIMITS];

/* Sets the setting `key`, which is one of the table's; an unknown one is ignored. */
void wv_config_set_scalar(struct wv_config_run *run, const char *key, const char *text, int line);
void wv_config_set_duration(struct wv_config_run *run, const char *key, const char *text, int line);
void wv_config_set_limit(struct wv_config_run *run, const char *key, long value, int line);

/* Notes the patterns of `ignore` that mean nothing. */
void wv_config_check_ignore(struct wv_config_run *run, int line);

/* Every setting at its preset value. */
void wv_config_preset(struct wv_config_run *run);

/* A path of the settings, from their folder when it is relative; the caller's own. */
char *wv_config_path(const struct wv_config_run *run, const char *path);

#endif
