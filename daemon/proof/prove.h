/* The proof: new revision files are run as they will be, up and down, in a copy of the head.
 * Proof thread. */
#ifndef WV_PROVE_H
#define WV_PROVE_H

#include "revision_text.h"
#include "room.h"

/* Both ends of what is to be proven. */
struct wv_ends {
    struct wv_room *head; /* where the files start from */
    struct wv_catalog *head_catalog;
    struct wv_room *wanted; /* where they have to lead */
    struct wv_catalog *wanted_catalog;
};

/* What the files of the findings were made of. */
struct wv_parts {
    const struct wv_revision_part *items;
    size_t count;
    bool has_renames; /* the first does nothing else */
};

/* `*why` is NULL when the files of the findings are proven: up leads to the wanted schema and down
 * back to the head, by the engine's own comparison and by pg_dump's, and rows that were put into
 * the tables before are lost only where a hazard says so. Else it says why not; the caller's own.
 * What could not be counted is told in the findings. False: there is no answer. */
bool wv_prove(struct wv_proof *proof, const struct wv_ends *ends, const struct wv_parts *parts,
              char **why, struct wv_err *err) WV_MUST_CHECK;

#endif
