/* The entries of a dump: pg_dump puts a comment before each that names it. Pure. */
#ifndef WV_JUDGE_ENTRIES_H
#define WV_JUDGE_ENTRIES_H

#include "catalog.h"
#include "lexer.h"

/* What a catalog says is ignored, without the parts of what is. Borrows its objects. */
struct wv_judge_ignored {
    const struct wv_object **items;
    size_t count;
    size_t capacity;
};

/* `catalog` NULL: nothing is. */
void wv_judge_ignored_find(struct wv_judge_ignored *ignored, const struct wv_catalog *catalog);
void wv_judge_ignored_clear(struct wv_judge_ignored *ignored);

/* True when the comment begins an entry, and then `*is_ignored` says whether that is of what is
 * ignored. */
bool wv_judge_entry_begins(const struct wv_token *comment, const struct wv_judge_ignored *ignored,
                           bool *is_ignored);

#endif
