/* See side.h. */
#include "side.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_read.h"
#include "models.h"
#include "models_command.h"
#include "replay.h"

static bool read_database(struct wv_live *live, struct wv_proof *proof, const char *conninfo,
                          struct wv_catalog **catalog, struct wv_err *err)
{
    return (conninfo == NULL || wv_pg_conninfo_check(conninfo, err)) &&
           wv_live_open(live, proof, conninfo, err) &&
           wv_proof_inspect(proof, live->pg, catalog, err);
}

static bool load(struct wv_room *room, struct wv_proof *proof, const struct wv_model_files *files,
                 struct wv_catalog **catalog, struct wv_err *err)
{
    return wv_room_make(room, proof, err) && wv_models_load(room, files, err) &&
           wv_room_inspect(room, catalog, err);
}

static bool read_models(struct wv_room *room, struct wv_proof *proof, struct wv_catalog **catalog,
                        struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    return wv_models_read(proof, &files, err) && load(room, proof, &files, catalog, err);
}

/* The daemon may read more than those it works for: that must not become theirs. */
static bool may_read(const struct wv_proof *proof, const char *path, struct wv_err *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(errno));
    uid_t uid = proof->job->caller.uid;
    if (uid == 0 || (status.st_uid == uid && (status.st_mode & S_IRUSR) != 0) ||
        (status.st_mode & S_IROTH) != 0)
        return true;
    wv_err_set(err, WV_ACCESS_DENIED, "%s is neither yours nor readable by all", path);
    return wv_err_hint(err, "chmod o+r, or make a copy that belongs to you");
}

static bool read_dump(struct wv_room *room, struct wv_proof *proof, const char *path,
                      struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    struct wv_problems problems = {0};
    size_t length;
    if (!may_read(proof, path, err))
        return false;
    int error = wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp);
    if (error != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(error));
    char *text = wv_xstrndup(buffer.data, length);
    wv_file_buffer_free(&buffer);
    wv_model_files_add_dump(&files, path, text, &problems);
    if (problems.count == 0)
        return load(room, proof, &files, catalog, err);
    wv_err_set(err, WV_LOAD_ERROR, "the dump cannot be read");
    err->problems = problems;
    return wv_err_hint(err, "only its schema is wanted: pg_dump --schema-only");
}

static bool read_room(struct wv_room *room, struct wv_proof *proof, const char *word,
                      struct wv_catalog **catalog, struct wv_err *err)
{
    if (strcmp(word, "models") == 0)
        return read_models(room, proof, catalog, err);
    if (word[0] == '/')
        return read_dump(room, proof, word, catalog, err);
    if (strcmp(word, "base") == 0)
        return wv_room_make(room, proof, err) && wv_room_inspect(room, catalog, err);
    return wv_replay_room(room, proof, word, err) && wv_room_inspect(room, catalog, err);
}

bool wv_side_read(struct wv_side *side, struct wv_proof *proof, const char *word,
                  struct wv_catalog **catalog, struct wv_err *err)
{
    if (strcmp(word, "live") == 0)
        return read_database(&side->live, proof, NULL, catalog, err);
    if (word[0] != '/' && (strchr(word, '=') != NULL || strstr(word, "://") != NULL))
        return read_database(&side->live, proof, word, catalog, err);
    return read_room(&side->room, proof, word, catalog, err);
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
