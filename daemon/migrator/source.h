/* The SQL of a step: from its file, or from the ledger when the file is gone. Migrator thread. */
#ifndef WV_SOURCE_H
#define WV_SOURCE_H

#include "story.h"

struct wv_source {
    struct wv_revision_sql sql;
    const struct wv_script *script; /* the section that runs, within `sql` */
    char checksum[WV_CHECKSUM_HEX]; /* "" when the ledger is the source */
    char *message;
    const struct wv_revision *file; /* NULL when the ledger is the source */
};

/* Reads the SQL of a step; asks no server. WV_FILE_CHANGED, WV_LOAD_ERROR, WV_IO_ERROR,
 * WV_IRREVERSIBLE. */
bool wv_source_read(struct wv_source *source, const struct wv_story *story,
                    const struct wv_step *step, struct wv_err *err) WV_MUST_CHECK;
void wv_source_free(struct wv_source *source);

/* What the ledger keeps of the revision; borrowed from the source and the story. */
struct wv_ledger_record wv_source_record(const struct wv_source *source,
                                         const struct wv_step *step);

/* Whether the step runs in a transaction, told without reading the file. */
bool wv_source_in_transaction(const struct wv_story *story, const struct wv_step *step);

/* Adds the place in the file to an error of statement `index` (from 0) of the script. */
void wv_source_place_error(const struct wv_source *source, const struct wv_step *step, size_t index,
                           const struct wv_pg_position *position, struct wv_err *err);

#endif
