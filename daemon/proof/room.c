/* See room.h. */
#include "room.h"

#include <stdlib.h>

#include "log.h"

enum { DROP_MS = 60000 };

bool wv_room_make(struct wv_room *room, struct wv_proof *proof, struct wv_err *err)
{
    room->proof = proof;
    return wv_scratch_create(proof->scratch, &proof->like, &room->database, &room->conninfo,
                             proof->wait, err);
}

bool wv_room_copy(struct wv_room *room, struct wv_room *from, struct wv_err *err)
{
    wv_pg_close(WV_STEAL(from->pg));
    room->proof = from->proof;
    return wv_scratch_create_copy(from->proof->scratch, from->database, &room->database,
                                  &room->conninfo, from->proof->wait, err);
}

/* With a wait of its own: nothing is left behind by a cancel. */
void wv_room_close(struct wv_room *room)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(DROP_MS);
    wv_pg_close(room->pg);
    if (room->database != NULL &&
        !wv_scratch_drop(room->proof->scratch, room->database, &wait, &err))
        wv_log_err(WV_LOG_WARNING, "proof", &err);
    free(room->database);
    free(room->conninfo);
    *room = (struct wv_room){0};
}

bool wv_room_connect(struct wv_room *room, struct wv_err *err)
{
    if (room->pg != NULL)
        return true;
    return wv_pg_connect(&room->pg,
                         &(struct wv_pg_options){.database = room->conninfo,
                                                 .application_name = "wovend (scratch)"},
                         room->proof->wait, err) &&
           wv_pg_exec(room->pg, "SET synchronous_commit = off", room->proof->wait, err);
}

bool wv_room_inspect(struct wv_room *room, struct wv_catalog **catalog, struct wv_err *err)
{
    return wv_room_connect(room, err) && wv_proof_inspect(room->proof, room->pg, catalog, err);
}

bool wv_proof_inspect(const struct wv_proof *proof, struct wv_pg *pg, struct wv_catalog **catalog,
                      struct wv_err *err)
{
    const struct wv_settings *settings = proof->settings;
    struct wv_inspect_options options = {.ignore = &settings->ignore,
                                         .ledger_schema = settings->ledger_schema,
                                         .version_table = settings->version_table,
                                         .version_table_schema = settings->version_table_schema};
    return wv_inspect(catalog, pg, &options, proof->wait, err);
}
