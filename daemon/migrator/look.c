/* See look.h. */
#include "look.h"

#include "known.h"
#include "ledger_instance.h"
#include "ledger_read.h"
#include "squash.h"

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

/* Takes over what `stored` owns. */
static void add_unknown(struct wv_ledger_revisions *unknown, struct wv_ledger_stored *stored)
{
    struct wv_ledger_revision *revision = wv_ledger_revisions_add(unknown);
    revision->id = WV_STEAL(stored->id);
    revision->message = WV_STEAL(stored->message);
    revision->applied_at = WV_STEAL(stored->applied_at);
    revision->applied_by = WV_STEAL(stored->applied_by);
    revision->up_sql = WV_STEAL(stored->up_sql);
    revision->down_sql = WV_STEAL(stored->down_sql);
    wv_strlist_move(&revision->down, &stored->down);
    wv_strlist_move(&revision->depends_on, &stored->depends_on);
    wv_strlist_move(&revision->labels, &stored->labels);
}

/* One look's parts. */
struct look {
    struct wv_ledger *ledger;
    struct wv_pg *pg;
    const struct wv_look_request *request;
    struct wv_look_memory *memory;
    const struct wv_pg_wait *wait;
    struct wv_squash_view view; /* the files as this database sees them */
};

/* The ledger's row says who led last, the lock whether its session still does: another one may hold
 * it, a person's for example. Two questions: where the answers do not fit, the lead may have
 * changed between them, so they are asked once more. */
static bool look_at_ledger(const struct look *look, struct wv_ledger_look *seen,
                           struct wv_holder *holder, struct wv_err *err)
{
    bool fits = false;
    for (int tries = 0; tries < 2 && !fits; tries++) {
        if (!wv_ledger_look(look->ledger, look->pg, seen, look->wait, err) ||
            !wv_advisory_holder(look->pg, look->request->lock_key, holder, look->wait, err))
            return false;
        fits = holder->backend_pid == 0 || holder->backend_pid == seen->leader.backend_pid;
    }
    return true;
}

static void take_holder(struct wv_db_state *state, int leader, struct wv_holder *holder)
{
    if (holder->backend_pid == leader)
        return;
    wv_leader_clear(&state->leader);
    state->holder = *holder;
    *holder = (struct wv_holder){0};
}

static bool read_unknown(const struct look *look, struct wv_ledger_revisions *unknown,
                         struct wv_err *err)
{
    struct wv_ledger_stored_list list = {0};
    if (!wv_ledger_stored(look->ledger, look->pg, NULL, false, &list, look->wait, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (wv_project_find(look->view.project, list.items[i].id) == NULL)
            add_unknown(unknown, &list.items[i]);
    wv_ledger_stored_free(&list);
    return true;
}

static bool remember_unknown(const struct look *look, int64_t last_history, struct wv_err *err)
{
    struct wv_look_memory *memory = look->memory;
    struct wv_ledger_revisions fresh = {0};
    if (memory->project == look->view.project && memory->last_history == last_history)
        return true;
    if (!read_unknown(look, &fresh, err))
        return false;
    wv_ledger_revisions_clear(&memory->unknown);
    memory->unknown = fresh;
    wv_project_unref(memory->project);
    memory->project = wv_project_ref(look->view.project);
    memory->last_history = last_history;
    return true;
}

static bool read_sql(const struct look *look, struct wv_ledger_revisions *unknown,
                     struct wv_err *err)
{
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    struct wv_ledger_stored_list list = {0};
    for (size_t i = 0; i < unknown->count; i++)
        wv_strlist_add(&ids, unknown->items[i].id);
    if (!wv_ledger_stored(look->ledger, look->pg, &ids, true, &list, look->wait, err))
        return false;
    wv_ledger_revisions_clear(unknown);
    for (size_t i = 0; i < list.count; i++)
        add_unknown(unknown, &list.items[i]);
    wv_ledger_stored_free(&list);
    return true;
}

/* The ledger against the files. */
static bool compare(const struct look *look, struct wv_db_state *state, int64_t last_history,
                    struct wv_err *err)
{
    struct wv_project *project = look->view.project;
    struct wv_look_memory *memory = look->memory;
    /* What a faulty file says is not known yet. */
    if (project->graph != NULL) {
        if (!wv_edited_update(&memory->edited, project, last_history, look->ledger, look->pg,
                              look->wait, err))
            return false;
        wv_strlist_copy(&state->edited, &memory->edited.revisions);
    }
    if (!wv_known_needs_ledger(project, &look->view.rows))
        return true;
    if (!remember_unknown(look, last_history, err))
        return false;
    wv_ledger_revisions_copy(&state->unknown, &memory->unknown);
    return !look->request->with_sql || read_sql(look, &state->unknown, err);
}

bool wv_look(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_look_request *request,
             struct wv_look_memory *memory, struct wv_db_state *state,
             const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct look look = {ledger, pg, request, memory, wait, {0}};
    struct wv_ledger_look seen = {0};
    struct wv_db_state fresh = {0};
    struct wv_holder holder = {0};
    bool done = look_at_ledger(&look, &seen, &holder, err);
    if (done) {
        take_facts(&fresh, pg);
        take_look(&fresh, &seen);
        take_holder(&fresh, seen.leader.backend_pid, &holder);
        done = wv_ledger_instance_list(ledger, pg, &fresh.instances, wait, err);
        if (done && request->project != NULL) {
            wv_squash_view_look(&look.view, request->project, &fresh.rows);
            done = compare(&look, &fresh, seen.last_history, err);
            wv_squash_view_free(&look.view);
        }
    }
    wv_ledger_look_clear(&seen);
    wv_holder_clear(&holder);
    if (done)
        *state = fresh;
    else
        wv_db_state_clear(&fresh);
    return done;
}

void wv_look_memory_clear(struct wv_look_memory *memory)
{
    wv_edited_clear(&memory->edited);
    wv_project_unref(memory->project);
    wv_ledger_revisions_clear(&memory->unknown);
    *memory = (struct wv_look_memory){0};
}
