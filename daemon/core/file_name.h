/* Names of revision files. The id in a file's header says which revision it is; its name has to
 * hold that id as a word: with no letter or digit right before or after it. So
 * "<id>_<slug>.sql", "2026-01-14_<id>.sql" and "<id>.sql" are names of a revision's file, and a
 * copy that was renamed but not rewritten is noticed. Pure; any thread. */
#ifndef WV_FILE_NAME_H
#define WV_FILE_NAME_H

#include <stdbool.h>
#include <time.h>

#include "err.h"

#define WV_FILE_TEMPLATE_DEFAULT "{rev}_{slug}"
enum { WV_SLUG_DEFAULT = 40, WV_SLUG_LIMIT = 100 };

/* What a new file's name is made of. */
struct wv_file_name {
    const char *template; /* WV_FILE_TEMPLATE_DEFAULT, ... */
    const char *revision; /* {rev} */
    const char *message;  /* {slug}, by wv_file_slug */
    size_t slug_limit;    /* characters */
    struct tm when;       /* {year} {month} {day} {hour} {minute} {second} */
};

/* WV_CONFIG_ERROR: a placeholder that does not exist or does not end, a folder or file whose name
 * is empty or begins with a dot, or a last part in which {rev} does not stand as a word. */
bool wv_file_name_check(const char *template, struct wv_err *err) WV_MUST_CHECK;
/* The path below a version directory, ".sql" added; the caller's own. The template is faultless. A
 * slug that is empty goes with one `_`, `-` or `.` beside it. */
char *wv_file_name_make(const struct wv_file_name *name);

/* The words of the message in lower case, joined by `_`, cut after a whole word at `limit`
 * characters; "" when it has no word. The caller's own. */
char *wv_file_slug(const char *message, size_t limit);

/* Whether the last part of `path` holds `id` as a word. */
bool wv_file_name_has(const char *path, const char *id);
/* Whether it is named as the file of some revision is: it begins with what could be an id and then
 * `_` or ".sql", or one of its words is an id of 12 hex digits. */
bool wv_file_name_plausible(const char *path);

#endif
