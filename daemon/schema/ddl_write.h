/* From one schema to another: the statements, in the order and the transactions in which they have
 * to run. Pure, any thread. */
#ifndef WV_DDL_WRITE_H
#define WV_DDL_WRITE_H

#include "ddl.h"
#include "difference.h"

/* Statements that run together: all of them in one transaction, or each alone. */
struct wv_segment {
    enum wv_statement_mode mode;
    size_t first; /* statement of the script */
    size_t count;
};

struct wv_segments {
    struct wv_segment *items;
    size_t count;
    size_t capacity;
};

/* Writes what leads from difference->before to difference->after; the catalogs have to outlive
 * `out`. `is_plain`: the short forms, without CONCURRENTLY, NOT VALID, and the like.
 * WV_SCHEMA_CYCLE: no order exists; WV_SCHEMA_UNWRITTEN: a change that the engine has no statement
 * for, named. */
bool wv_ddl_write(struct wv_ddl *out, const struct wv_difference *difference, bool is_plain,
                  struct wv_err *err) WV_MUST_CHECK;

/* Cuts the statements where a transaction has to end. ANALYZE of several tables, which may be in
 * one, is in none, so that the lock on each goes with its own. `out->items` is the caller's, to
 * free. */
void wv_ddl_segments(struct wv_segments *out, const struct wv_ddl *ddl);

#endif
