/* The judge that shares no code with the engine: two schemas are the same when pg_dump says so.
 * Proof thread. */
#ifndef WV_JUDGE_H
#define WV_JUDGE_H

#include "room.h"

/* The program for this server, the caller's own. WV_SERVER_FAILED: there is none here, with the
 * package to install. */
bool wv_judge_find(const struct wv_proof *proof, const struct wv_pg *pg, char **path,
                   struct wv_err *err) WV_MUST_CHECK;

/* What pg_dump prints of a database that is connected, without the project's own tables; the
 * caller's own. WV_SERVER_FAILED with its words, or when there is no pg_dump here. */
bool wv_judge_text(struct wv_proof *proof, const struct wv_pg *pg, char **text,
                   struct wv_err *err) WV_MUST_CHECK;

/* A database with what it was read as. */
struct wv_form {
    struct wv_room *room;
    const struct wv_catalog *catalog;
};

/* `*difference` is "" when pg_dump prints the same of both, but for what the settings say to
 * ignore; else what is in one only, shortened. The caller's own. Errors as wv_judge_text(). */
bool wv_judge_compare(const struct wv_form *is, const struct wv_form *wanted, char **difference,
                      struct wv_err *err) WV_MUST_CHECK;

#endif
