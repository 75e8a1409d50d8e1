/* See side.h. */
#include "side.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file_for.h"
#include "file_read.h"
#include "models.h"
#include "models_command.h"
#include "replay.h"
#include "side_word.h"

static bool read_database(struct wv_live *live, struct wv_proof *proof, const char *conninfo,
                          struct wv_catalog **catalog, struct wv_err *err)
{
    wv_report_waiting(proof->report, "reading the database");
    return (conninfo == NULL || wv_pg_conninfo_check(conninfo, err)) &&
           wv_live_open(live, proof, conninfo, err) &&
           wv_proof_inspect(proof, live->pg, catalog, err);
}

static bool load(struct wv_room *room, struct wv_proof *proof, const struct wv_model_files *files,
                 enum wv_models_source source, struct wv_catalog **catalog, struct wv_err *err)
{
    return wv_room_make(room, proof, err) && wv_models_load(room, files, source, err) &&
           wv_room_inspect(room, catalog, err);
}

static bool read_models(struct wv_room *room, struct wv_proof *proof, struct wv_catalog **catalog,
                        struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    return wv_models_read(proof, &files, err) &&
           load(room, proof, &files, WV_MODELS_WRITTEN, catalog, err);
}

static bool cannot_read(const char *path, int error, struct wv_err *err)
{
    if (error == EACCES || error == ELOOP) {
        wv_err_set(err, WV_ACCESS_DENIED,
                   "%s is not yours to read, as far as its mode and those of "
                   "its folders tell",
                   path);
        return wv_err_hint(err,
                           "the daemon reads it, for you: it, and all folders on the way, have "
                           "to belong to you or to be open to all, and none may be a symbolic "
                           "link");
    }
    wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(error));
    return wv_err_hint(err,
                       "it is the daemon that reads it: as a service it sees neither /home nor "
                       "your /tmp");
}

static bool read_dump(struct wv_room *room, struct wv_proof *proof, const char *path,
                      struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    struct wv_problems problems = {0};
    size_t length;
    int fd = wv_file_open_for(proof->job->caller.uid, path);
    if (fd < 0)
        return cannot_read(path, -fd, err);
    int error = wv_file_read_open(fd, &buffer, &length, &stamp);
    (void)close(fd);
    if (error != 0)
        return cannot_read(path, error, err);
    char *text = wv_xstrndup(buffer.data, length);
    wv_file_buffer_free(&buffer);
    wv_model_files_add_dump(&files, path, text, &problems);
    if (problems.count == 0)
        return load(room, proof, &files, WV_MODELS_DUMPED, catalog, err);
    wv_err_set(err, WV_LOAD_ERROR, "the dump cannot be read");
    err->problems = problems;
    return wv_err_hint(err, "only its schema is wanted: pg_dump --schema-only");
}

bool wv_side_read(struct wv_side *side, struct wv_proof *proof, const char *word,
                  struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_room *room = &side->room;
    switch (wv_side_kind(word)) {
    case WV_SIDE_MODELS:
        return read_models(room, proof, catalog, err);
    case WV_SIDE_LIVE:
        return read_database(&side->live, proof, NULL, catalog, err);
    case WV_SIDE_FILE:
        return read_dump(room, proof, word, catalog, err);
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
