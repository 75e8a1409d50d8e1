/* The file that replaces a range of revisions by one (squash.h): their sections one after the
 * other, down in reverse. Blocks on the disk; any thread. */
#ifndef WV_SQUASH_DRAFT_H
#define WV_SQUASH_DRAFT_H

#include "project.h"

struct wv_squash_request {
    const char *range; /* "A:B", both included */
    const char *id;    /* of the new revision */
    const char *message;
    const char *create_date;
};

struct wv_squash_draft {
    struct wv_strlist replaces; /* in the order in which they run */
    struct wv_strlist down;
    char *text; /* of the whole file */
};

/* WV_BAD_TARGET when the range cannot become one step: it has one revision or several ends,
 * something outside stands between its revisions or follows another than its last, a section of
 * theirs runs outside a transaction, or one of them replaces others itself. */
bool wv_squash_draft_make(const struct wv_project *project, const struct wv_squash_request *request,
                          struct wv_squash_draft *draft, struct wv_err *err) WV_MUST_CHECK;
void wv_squash_draft_free(struct wv_squash_draft *draft);

#endif
