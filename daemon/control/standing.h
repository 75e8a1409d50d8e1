/* Where a database stands against the files: one look at it compared with one snapshot. Pure; loop
 * thread. Borrows the look. */
#ifndef WV_STANDING_H
#define WV_STANDING_H

#include "known.h"
#include "message.h"
#include "nodeset.h"
#include "squash.h"

struct wv_standing {
    const char *word;                       /* the state as docs/protocol.md names it */
    bool sound;                             /* the files have no problems: what follows is filled */
    struct wv_squash_view view;             /* files and rows as the database sees them */
    struct wv_known known;                  /* the files' revisions, then the ledger's */
    const struct wv_ledger_revision *extra; /* of known nodes behind the files' */
    struct wv_strlist rows;                 /* the rows that are known */
    struct wv_strlist ahead;  /* applied, but not in the files; unknown rows included */
    struct wv_strlist edited; /* applied, but the file has changed since */
    struct wv_nodeset applied;
    struct wv_nodes pending; /* of the files, in the order in which they would run */
};

/* `state` NULL or not reachable: nothing is applied, the word is "unreachable". */
void wv_standing_init(struct wv_standing *standing, struct wv_project *project,
                      const struct wv_db_state *state);
void wv_standing_clear(struct wv_standing *standing);
/* The message of a known node, borrowed; "" when it has none. */
const char *wv_standing_message(const struct wv_standing *standing, wv_node node);

#define WV_AUTOSTANDING __attribute__((cleanup(wv_standing_clear)))

#endif
