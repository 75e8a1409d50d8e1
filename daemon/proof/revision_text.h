/* Statements as revision files, ready to be written. Pure but for reading the template and the
 * clock. Any thread. */
#ifndef WV_REVISION_TEXT_H
#define WV_REVISION_TEXT_H

#include "ddl_write.h"
#include "findings.h"
#include "message.h"
#include "told.h"

/* One section's SQL: each statement below its hazards. */
struct wv_section_text {
    char *text; /* NULL: there is no such section */
    bool in_transaction;
    struct wv_told told; /* by its hazards */
};

/* A segment of a script, or all of it: in a transaction unless it says otherwise, or a statement.
 */
void wv_section_text_make(struct wv_section_text *out, const struct wv_ddl *ddl,
                          const struct wv_segment *segment);
/* Those that rename something. */
void wv_section_text_of_renames(struct wv_section_text *out, const struct wv_strlist *statements);
/* Puts comments before its first statement: of what is dropped and made, what may be renamed. */
void wv_section_text_offer(struct wv_section_text *section, const struct wv_found_renames *renames);
/* Its functions are made without a look into their bodies. */
void wv_section_text_uncheck(struct wv_section_text *section);
void wv_section_text_clear(struct wv_section_text *section);

/* A revision between two transactions of a script: as many as there have to be follow each other.
 */
struct wv_revision_part {
    struct wv_section_text up;
    struct wv_section_text down;
};

/* Makes the files of all parts by the project's template, the first as `wish` asks for and the
 * others each on top of the one before. Errors: those of `wovenctl migrate revision`. */
bool wv_revision_files(struct wv_found_files *files, const struct wv_job *job,
                       const struct wv_settings *settings, const struct wv_revision_part *parts,
                       size_t count, struct wv_err *err) WV_MUST_CHECK;

/* Whether there is a place for them, before anything else is done: the same errors. */
bool wv_revision_files_check(const struct wv_job *job, struct wv_err *err) WV_MUST_CHECK;

/* Puts a remark on the first line of each file. */
void wv_revision_files_remark(struct wv_found_files *files, const char *remark);

#endif
