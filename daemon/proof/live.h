/* The project's own database, which is only read. Proof thread. */
#ifndef WV_LIVE_H
#define WV_LIVE_H

#include "ledger_read.h"
#include "proof.h"

struct wv_live {
    struct wv_pg *pg;
    struct wv_ledger *ledger;
};

/* Connects to the project's own database; a private server that is only starting is waited for,
 * some seconds. */
bool wv_live_connect(struct wv_pg **pg, const struct wv_proof *proof,
                     struct wv_err *err) WV_MUST_CHECK;

/* Connects to the database that `conninfo` names, NULL: the project's. */
bool wv_live_open(struct wv_live *live, const struct wv_proof *proof, const char *conninfo,
                  struct wv_err *err) WV_MUST_CHECK;
void wv_live_close(struct wv_live *live);
#define WV_AUTOLIVE __attribute__((cleanup(wv_live_close)))

/* The rows of the version table; none when there is no such table. */
bool wv_live_rows(struct wv_live *live, const struct wv_proof *proof, struct wv_strlist *rows,
                  struct wv_err *err) WV_MUST_CHECK;

/* Notes which of the job's revisions the project's database does not have yet. What cannot be read
 * of it is no matter here. False: cancelled. */
bool wv_live_note_behind(const struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

#endif
