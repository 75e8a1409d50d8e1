/* What two catalogs differ in, and the statements between them, as findings. Pure but for the
 * findings that it adds to. Any thread. */
#ifndef WV_CHANGES_H
#define WV_CHANGES_H

#include "ddl_write.h"
#include "findings.h"

/* Adds each object that something has to be done about, but for parts of what is made or dropped
 * with them. True when there is any. */
bool wv_find_changes(struct wv_found_changes *changes, const struct wv_difference *difference);
/* The first of them as what a schema has, lacks, or differs in, in one line; the caller's own. They
 * lead from it to what it should be (`away`), or from there to it. */
char *wv_changes_text(const struct wv_found_changes *changes, bool away);
/* All of it: what differs, and the statements from before to after. */
void wv_tell_difference(struct wv_findings *findings, const struct wv_difference *difference);
/* Adds the statements of a script. */
void wv_find_statements(struct wv_findings *findings, const struct wv_ddl *ddl);
/* Notes what the catalog holds that is of no kind that is compared. `whose` is for the reader. */
void wv_note_unmodelled(struct wv_findings *findings, const struct wv_catalog *catalog,
                        const char *whose);

#endif
