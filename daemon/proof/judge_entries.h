/* The entries of a dump: pg_dump puts a comment before each that names it. Pure. */
#ifndef WV_JUDGE_ENTRIES_H
#define WV_JUDGE_ENTRIES_H

#include "catalog.h"

/* Blanks the entries of what the catalog says is ignored, in place. */
void wv_judge_leave_out(char *dump, const struct wv_catalog *catalog);

#endif
