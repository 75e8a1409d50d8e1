/* The header of a revision file, line by line. See revision_file.h for its form. */
#ifndef WV_REVISION_HEADER_H
#define WV_REVISION_HEADER_H

#include "revision_file.h"

enum wv_header_key {
    WV_HEADER_MESSAGE,
    WV_HEADER_REVISION,
    WV_HEADER_DOWN_REVISION,
    WV_HEADER_BRANCH_LABELS,
    WV_HEADER_DEPENDS_ON,
    WV_HEADER_CREATE_DATE,
    WV_HEADER_REPLACES,
    WV_HEADER_KEYS,
};

struct wv_header_line {
    const char *value; /* into the text; NULL: not given */
    size_t length;
    int line;
};

struct wv_header {
    struct wv_header_line lines[WV_HEADER_KEYS];
};

/* Takes a line comment of the header at `line`; free comments pass. Faults: unknown_key,
 * duplicate_key. */
void wv_header_take(struct wv_header *header, const struct wv_token *comment, const char *text,
                    int line, struct wv_faults *faults);

/* Fills `revision` with owned copies, faulty values left out. Faults: missing_revision,
 * illegal_id, illegal_label, bad_list, name_mismatch (the name of the file `path` does not hold the
 * id, see file_name.h). */
void wv_header_finish(const struct wv_header *header, const char *path, const char *text,
                      struct wv_revision *revision, struct wv_faults *faults);

#endif
