/* See look.h. */
#include "look.h"

#include "known.h"
#include "ledger_read.h"

static void take_facts(struct wv_db_state *state, const struct wv_pg *pg)
{
    const struct wv_pg_facts *facts = wv_pg_facts(pg);
    state->reachable = true;
    state->server_version = facts->server_version;
    state->database = wv_xstrdup(facts->database);
    state->host = wv_xstrdup(facts->host);
    state->user = wv_xstrdup(facts->user);
}

static void take_interrupted(struct wv_interrupted *to, struct wv_ledger_interrupted *from)
{
    *to = (struct wv_interrupted){
        .revision = WV_STEAL(from->revision),
        .up = from->up,
        .statement = from->statement,
        .total = from->total,
        .file = WV_STEAL(from->file),
        .line = from->line,
        .text = WV_STEAL(from->text),
        .started_at = WV_STEAL(from->started_at),
    };
}

static void take_look(struct wv_db_state *state, struct wv_ledger_look *look)
{
    wv_strlist_move(&state->rows, &look->rows);
    state->has_version_table = look->has_version_table;
    state->ledger_version = look->ledger_version;
    state->read_only = look->read_only;
    state->leader = (struct wv_leader){.host = WV_STEAL(look->leader.host),
                                       .pid = look->leader.pid,
                                       .token = look->leader.token,
                                       .since = WV_STEAL(look->leader.since)};
    take_interrupted(&state->interrupted, &look->interrupted);
}

/* The ledger's row says who led last; the lock says whether anybody does now. */
static bool check_leader(struct wv_db_state *state, struct wv_pg *pg, int64_t lock_key,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_advisory_holder holder = {0};
    if (!wv_advisory_holder(pg, lock_key, &holder, wait, err))
        return false;
    if (holder.backend_pid == 0)
        wv_leader_clear(&state->leader);
    wv_advisory_holder_clear(&holder);
    return true;
}

static void add_unknown(struct wv_db_state *state, struct wv_ledger_stored *stored)
{
    struct wv_ledger_revision *unknown = &state->unknown[state->unknown_count++];
    unknown->id = WV_STEAL(stored->id);
    unknown->message = WV_STEAL(stored->message);
    wv_strlist_move(&unknown->down, &stored->down);
    wv_strlist_move(&unknown->depends_on, &stored->depends_on);
    wv_strlist_move(&unknown->labels, &stored->labels);
}

static bool read_unknown(struct wv_db_state *state, struct wv_ledger *ledger, struct wv_pg *pg,
                         const struct wv_project *project, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    if (project == NULL || !wv_known_needs_ledger(project, &state->rows))
        return true;
    struct wv_ledger_stored_list list = {0};
    if (!wv_ledger_stored(ledger, pg, NULL, false, &list, wait, err))
        return false;
    state->unknown = wv_xcalloc(list.count, sizeof(*state->unknown));
    for (size_t i = 0; i < list.count; i++)
        if (wv_project_find(project, list.items[i].id) == NULL)
            add_unknown(state, &list.items[i]);
    wv_ledger_stored_free(&list);
    return true;
}

bool wv_look(struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
             const struct wv_project *project, struct wv_db_state *state,
             const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_ledger_look look = {0};
    struct wv_db_state fresh = {0};
    bool done = wv_ledger_look(ledger, pg, &look, wait, err);
    if (done) {
        take_facts(&fresh, pg);
        take_look(&fresh, &look);
        done = check_leader(&fresh, pg, lock_key, wait, err) &&
               read_unknown(&fresh, ledger, pg, project, wait, err);
        wv_ledger_look_clear(&look);
    }
    if (done)
        *state = fresh;
    else
        wv_db_state_clear(&fresh);
    return done;
}
