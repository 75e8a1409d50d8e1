/* The text of a new revision file; file_name.h has its name. Nothing is written here: the client
 * writes the file, as its own user. Any thread. */
#ifndef WV_TEMPLATE_H
#define WV_TEMPLATE_H

#include <stdbool.h>

#include "err.h"
#include "strlist.h"

enum { WV_REVISION_ID_NEW = 13 };

/* What the placeholders of a template stand for; a NULL list is an empty one. */
struct wv_template_values {
    const char *message;                 /* ${message}: put on one line */
    const char *revision;                /* ${up_revision} */
    const struct wv_strlist *down;       /* ${down_revision} */
    const struct wv_strlist *labels;     /* ${branch_labels} */
    const struct wv_strlist *depends_on; /* ${depends_on} */
    const char *create_date;             /* ${create_date} */
};

/* Reads the project's template; a missing file gives the built-in one. `*text` is the caller's.
 * WV_IO_ERROR. Blocks on the disk. */
bool wv_template_read(char **text, const char *path, struct wv_err *err) WV_MUST_CHECK;

/* Puts the values in place of ${...}; a `$` without a brace stays. `*text` is the caller's own.
 * WV_CONFIG_ERROR with the template's `path` and a line: a placeholder that does not exist or does
 * not end, or a result that is no faultless revision file. */
bool wv_template_render(char **text, const char *template, const char *path,
                        const struct wv_template_values *values, struct wv_err *err) WV_MUST_CHECK;

/* The message without control characters, and without blanks at its ends or in a row; the caller's
 * own. */
char *wv_template_line(const char *message);

/* 12 random hex digits and a NUL. */
void wv_revision_id_new(char id[WV_REVISION_ID_NEW]);

#endif
