/* The parts of a reading, for the files of this folder. */
#ifndef WV_INSPECT_PARTS_H
#define WV_INSPECT_PARTS_H

#include "fragment.h"
#include "inspect.h"

struct wv_reading {
    struct wv_catalog *catalog;
    struct wv_pg *pg;
    const struct wv_inspect_options *options;
    const struct wv_pg_wait *wait;
    struct wv_fragment_facts facts;
    bool is_torn; /* something was dropped while it was read */
};

/* Asks the query of that name (sql/ or edges/), which answers with so many columns. */
bool wv_reading_ask(struct wv_reading *reading, const char *name, int columns,
                    struct wv_pg_result **out, struct wv_err *err) WV_MUST_CHECK;

/* All objects of all kinds. */
bool wv_reading_rows(struct wv_reading *reading, struct wv_err *err) WV_MUST_CHECK;
/* Aliases, members, needs, and what is not modelled. */
bool wv_reading_edges(struct wv_reading *reading, struct wv_err *err) WV_MUST_CHECK;
/* After wv_catalog_finish(): flags what the options name, with its parts. */
void wv_reading_ignore(const struct wv_reading *reading);

#endif
