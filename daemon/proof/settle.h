/* The text of an expression is not what was typed but what the server prints, and what it prints,
 * loaded again, it may print in another way: `v IN ('a', 'b')` on a varchar. A schema is
 * settled when it was loaded from its own dump. Proof thread. */
#ifndef WV_SETTLE_H
#define WV_SETTLE_H

#include "difference.h"
#include "room.h"

/* Two connected databases, and what they were read as. */
struct wv_unsettled {
    struct wv_catalog *catalog;
    const struct wv_catalog *other;
    const struct wv_pg *pg;
    const struct wv_pg *other_pg;
};

/* Both of them settled, in rooms of their own. */
struct wv_settled {
    struct wv_room room;
    struct wv_room other_room;
    struct wv_catalog *catalog;
    struct wv_catalog *other_catalog;
};

/* Loads what pg_dump prints of each into a room and reads it, and the same of these as long as
 * texts change. Those of what->catalog that differ in their text alone take that of what->other. */
bool wv_settle(struct wv_settled *settled, struct wv_proof *proof, const struct wv_unsettled *what,
               struct wv_err *err) WV_MUST_CHECK;
void wv_settled_clear(struct wv_settled *settled);
#define WV_AUTOSETTLED __attribute__((cleanup(wv_settled_clear)))
/* Of its failures: there is no pg_dump, or what it prints cannot be loaded. */
bool wv_settle_is_impossible(const struct wv_err *err);

/* What two databases are. Expressions that differ in their text alone have the text of `before` in
 * both. */
struct wv_pair {
    struct wv_catalog *before;
    struct wv_catalog *after;
};

/* Settles both, of which `before` and `after` are filled in, when something in them differs in its
 * text; only `after` is changed. Where that cannot be done (no pg_dump; a dump that cannot be
 * loaded) the findings say so. */
bool wv_pair_settle(struct wv_pair *pair, struct wv_proof *proof, const struct wv_pg *before,
                    const struct wv_pg *after, struct wv_err *err) WV_MUST_CHECK;
/* Reads both rooms, and settles them. */
bool wv_pair_read(struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                  struct wv_err *err) WV_MUST_CHECK;
/* For two rooms that the engine finds equal (the pair is what it read): does pg_dump as well?
 * WV_SCHEMA_UNPROVEN with what it sees when not. Where it cannot be asked the findings say so. */
bool wv_pair_judge(const struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                   struct wv_err *err) WV_MUST_CHECK;
void wv_pair_clear(struct wv_pair *pair);
#define WV_AUTOPAIR __attribute__((cleanup(wv_pair_clear)))

#endif
