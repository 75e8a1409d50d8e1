/* See trial.h. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "stand_in.h"

/* Is it one whose body is a text, which the server checks while it makes it? */
static bool makes_body(const struct wv_ddl_statement *statement)
{
    return strcmp(statement->object->kind->name, "routine") == 0 &&
           strncmp(statement->sql, "CREATE ", 7) == 0 &&
           wv_object_get(statement->object, "sql_body") == NULL;
}

static bool run_one(struct wv_room *room, const char *sql, struct wv_err *err)
{
    struct wv_statement statement = {.text = sql, .length = strlen(sql), .line = 1};
    char *instead WV_AUTOFREE = NULL;
    return wv_stand_in(room->proof, "(new)", &statement, &instead, err) &&
           wv_pg_run(room->pg, instead != NULL ? instead : sql, room->proof->wait, err);
}

static bool run_all(struct wv_room *room, const struct wv_ddl *ddl,
                    const struct wv_segment *segment, const struct wv_ddl_statement **failed,
                    struct wv_err *err)
{
    for (size_t i = segment->first; i < segment->first + segment->count; i++) {
        if (run_one(room, ddl->statements[i].sql, err))
            continue;
        free(err->statement);
        err->statement = wv_xstrdup(ddl->statements[i].sql);
        *failed = &ddl->statements[i];
        return false;
    }
    return true;
}

static bool begin(struct wv_room *room, bool unchecked, struct wv_err *err)
{
    return wv_pg_exec(room->pg,
                      unchecked ? "BEGIN; SET LOCAL check_function_bodies = off" : "BEGIN",
                      room->proof->wait, err);
}

/* Leaves the transaction open, also when a body fails: that is an answer. */
static bool ask(struct wv_room *room, const struct wv_ddl *ddl, const struct wv_segment *segment,
                bool *unchecked, struct wv_err *err)
{
    struct wv_err why WV_AUTOERR = {0};
    const struct wv_ddl_statement *failed = NULL;
    if (!begin(room, false, err))
        return false;
    bool done = run_all(room, ddl, segment, &failed, &why);
    *unchecked = !done && why.code == WV_SQL_ERROR && makes_body(failed);
    if (done || *unchecked)
        return true;
    wv_err_move(err, &why);
    return false;
}

bool wv_trial_run(struct wv_room *room, const struct wv_ddl *ddl, const struct wv_segment *segment,
                  bool *unchecked, struct wv_err *err)
{
    const struct wv_pg_wait *wait = room->proof->wait;
    const struct wv_ddl_statement *failed = NULL;
    *unchecked = false;
    if (segment->mode == WV_STATEMENT_ALONE)
        return run_all(room, ddl, segment, &failed, err);
    if (!ask(room, ddl, segment, unchecked, err))
        return false;
    if (*unchecked && !(wv_pg_exec(room->pg, "ROLLBACK", wait, err) && begin(room, true, err) &&
                        run_all(room, ddl, segment, &failed, err)))
        return false;
    return wv_pg_exec(room->pg, "COMMIT", wait, err);
}

bool wv_trial_of_way_back(struct wv_room *room, const struct wv_ddl *ddl, bool *unchecked,
                          struct wv_err *err)
{
    const struct wv_segment all = {WV_STATEMENT_IN_TRANSACTION, 0, ddl->count};
    struct wv_err why WV_AUTOERR = {0};
    bool makes_any = false;
    bool is_loose = false;
    *unchecked = false;
    for (size_t i = 0; i < ddl->count; i++) {
        makes_any |= makes_body(&ddl->statements[i]);
        is_loose |= ddl->statements[i].mode == WV_STATEMENT_ALONE;
    }
    if (!makes_any)
        return true;
    if (is_loose) {
        *unchecked = true;
        return true;
    }
    if (!ask(room, ddl, &all, unchecked, &why) && why.code != WV_SQL_ERROR) {
        wv_err_move(err, &why);
        return false;
    }
    return wv_pg_exec(room->pg, "ROLLBACK", room->proof->wait, err);
}
