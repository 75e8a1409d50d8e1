/* See side.h. */
#include "side.h"

#include "models.h"
#include "models_source.h"
#include "replay.h"
#include "side_word.h"

static bool read_database(struct wv_live *live, struct wv_proof *proof, const char *conninfo,
                          struct wv_catalog **catalog, struct wv_err *err)
{
    wv_report_waiting(proof->report, "reading the database");
    if (conninfo != NULL && !wv_pg_conninfo_check(conninfo, err))
        return false;
    if (wv_live_open(live, proof, conninfo, err))
        return wv_proof_inspect(proof, live->pg, catalog, err);
    if (conninfo != NULL && err->code == WV_DATABASE_UNREACHABLE)
        wv_err_hint(err, "check that the server runs and that the connection string names it");
    return false;
}

static bool load(struct wv_room *room, struct wv_proof *proof, const struct wv_model_files *files,
                 enum wv_models_source source, struct wv_catalog **catalog, struct wv_err *err)
{
    return wv_room_make(room, proof, err) && wv_models_load(room, files, source, err) &&
           wv_room_inspect(room, catalog, err);
}

static bool read_models(struct wv_room *room, struct wv_proof *proof, int passed,
                        struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    return wv_models_read(proof, passed, &files, err) &&
           load(room, proof, &files, WV_MODELS_WRITTEN, catalog, err);
}

static bool read_dump(struct wv_room *room, struct wv_proof *proof, const char *path, int passed,
                      struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_problems problems = {0};
    char *text;
    size_t length;
    if (!wv_passed_text_read(passed, &text, &length, err))
        return false;
    wv_model_files_add_dump(&files, path, text, length, &problems);
    if (problems.count == 0)
        return load(room, proof, &files, WV_MODELS_DUMPED, catalog, err);
    wv_err_set(err, WV_LOAD_ERROR, "the dump cannot be read");
    err->problems = problems;
    return wv_err_hint(err, "only its schema is wanted: pg_dump --schema-only");
}

bool wv_side_read(struct wv_side *side, struct wv_proof *proof, size_t place,
                  struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_room *room = &side->room;
    const char *word = proof->job->targets.items[place];
    int passed = wv_passed_texts_at(&proof->job->texts, place);
    switch (wv_side_kind(word)) {
    case WV_SIDE_MODELS:
        return read_models(room, proof, passed, catalog, err);
    case WV_SIDE_LIVE:
        return read_database(&side->live, proof, NULL, catalog, err);
    case WV_SIDE_FILE:
        return read_dump(room, proof, word, passed, catalog, err);
    case WV_SIDE_DATABASE:
        return read_database(&side->live, proof, word, catalog, err);
    case WV_SIDE_BASE:
        return wv_room_make(room, proof, err) && wv_room_inspect(room, catalog, err);
    case WV_SIDE_TARGET:
        break;
    }
    return wv_replay_room(room, proof, word, err) && wv_room_inspect(room, catalog, err);
}

const struct wv_pg *wv_side_pg(const struct wv_side *side)
{
    return side->live.pg != NULL ? side->live.pg : side->room.pg;
}

void wv_side_close(struct wv_side *side)
{
    wv_live_close(&side->live);
    wv_room_close(&side->room);
}
