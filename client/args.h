/* The command line, taken apart. Options may stand anywhere, also before the command words; a value
 * may follow its option or an equals sign. A word such as `-1` is a target, no option. */
#ifndef WV_ARGS_H
#define WV_ARGS_H

#include <stdbool.h>

#include "cmds.h"
#include "err.h"
#include "strlist.h"

struct wv_args {
    const struct wv_cmd *cmd; /* NULL only with help, help_list or version */
    const char *group;        /* help of a group: its name; else NULL */
    bool help;
    bool help_list;                         /* `wovenctl help`: the list for completion */
    uint64_t given;                         /* WV_OPT_BIT of each option that was given */
    struct wv_strlist words;                /* positional arguments after the command words */
    struct wv_strlist values[WV_OPT_COUNT]; /* of each option, in order; empty for flags */
    int64_t timeout_ms;                     /* --timeout; 0 when not given */
};

/* WV_USAGE with a hint when the command line is wrong; `given` then still tells whether --json was
 * seen, so that the error can be printed in the form that was asked for. Start from all zero; free
 * in either case. */
bool wv_args_parse(struct wv_args *args, int argc, char **argv, struct wv_err *err) WV_MUST_CHECK;
void wv_args_free(struct wv_args *args);

bool wv_args_has(const struct wv_args *args, enum wv_opt_id id);
/* The last value given, borrowed; NULL when there is none. */
const char *wv_args_value(const struct wv_args *args, enum wv_opt_id id);

/* "90s", "2min", "500ms", "1h", "30" (seconds) to milliseconds; false for anything else and for 0.
 */
bool wv_args_duration(const char *text, int64_t *ms) WV_MUST_CHECK;

#endif
