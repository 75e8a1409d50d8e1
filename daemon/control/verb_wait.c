/* migrate.wait and those who wait; see waits.h. Refuses to know how the watcher looks. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "control_parts.h"
#include "log.h"
#include "proto.h"
#include "standing.h"
#include "target.h"
#include "verbs_run.h"
#include "view.h"

enum {
    SLOW_LOW_MS = 4000, /* looks that nobody asks for */
    SLOW_HIGH_MS = 8000,
    TELL_MS = 15000, /* a client that waits is told again that it does */
};

static bool is_heads(const char *target)
{
    return strcmp(target, "head") == 0 || strcmp(target, "heads") == 0;
}

/* What is wrong whatever the database says. */
static bool check_target(const struct wv_project *project, const char *text, struct wv_err *err)
{
    struct wv_target target WV_AUTOTARGET = {0};
    if (!wv_target_parse(&target, project->graph, text, err))
        return false;
    if (!target.relative && strcmp(text, "current") != 0)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "\"%s\" is no revision that can be waited for", text);
    return wv_err_hint(err, "name a revision, label@head, or head: the heads of this host's files");
}

static bool check_targets(const struct wv_project *project, const struct wv_strlist *targets,
                          struct wv_err *err)
{
    if (!wv_project_check(project, err))
        return false;
    for (size_t i = 0; i < targets->count; i++)
        if (!check_target(project, targets->items[i], err))
            return false;
    return true;
}

static void add_ids(const struct wv_graph *graph, struct wv_span nodes, struct wv_strlist *ids)
{
    for (size_t i = 0; i < nodes.count; i++)
        wv_strlist_add(ids, wv_graph_id(graph, nodes.items[i]));
}

/* The revisions that one target stands for: of the files, else of those that only the ledger has.
 */
static bool resolve(const struct wv_standing *standing, const char *text, struct wv_strlist *ids,
                    struct wv_err *err)
{
    const struct wv_graph *files = standing->known.project->graph;
    struct wv_nodes nodes = {0};
    if (is_heads(text)) {
        add_ids(files, wv_graph_real_heads(files), ids);
        return true;
    }
    const struct wv_graph *graph = files;
    bool found = wv_target_nodes(graph, NULL, text, &nodes, err);
    if (!found && err->code == WV_REVISION_NOT_FOUND && standing->known.graph != files) {
        graph = standing->known.graph;
        found = wv_target_nodes(graph, NULL, text, &nodes, err);
        if (found)
            wv_err_clear(err);
    }
    if (found)
        add_ids(graph, (struct wv_span){nodes.items, nodes.count}, ids);
    wv_nodes_free(&nodes);
    return found;
}

static bool is_applied(const struct wv_standing *standing, const char *id)
{
    wv_node node;
    return wv_graph_find(standing->known.graph, id, &node) &&
           wv_nodeset_has(&standing->applied, node);
}

/* What is wanted and not there. */
static bool find_missing(const struct wv_wait *wait, const struct wv_standing *standing,
                         struct wv_strlist *missing, struct wv_err *err)
{
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < wait->targets.count; i++)
        if (!resolve(standing, wait->targets.items[i], &ids, err))
            return false;
    for (size_t i = 0; i < ids.count; i++)
        if (!is_applied(standing, ids.items[i]))
            wv_strlist_add(missing, ids.items[i]);
    return true;
}

/* Who might bring it. */
struct worker {
    const struct wv_leader *leader; /* NULL: nobody leads */
    const struct wv_holder *holder; /* NULL: nobody but the leader has the lock */
    const struct wv_doing *doing;   /* NULL: not known to do anything */
};

static struct worker find_worker(const struct wv_db_state *state)
{
    struct worker worker = {0};
    if (state == NULL || !state->reachable)
        return worker;
    if (state->holder.backend_pid != 0)
        worker.holder = &state->holder;
    if (state->leader.host == NULL)
        return worker;
    worker.leader = &state->leader;
    const struct wv_instance *instance = wv_db_state_leader(state);
    if (instance != NULL && instance->doing.job != NULL)
        worker.doing = &instance->doing;
    return worker;
}

static void add_worker(struct wv_strbuf *text, const struct worker *worker, bool with_times)
{
    if (worker->leader == NULL) {
        char *holder WV_AUTOFREE = worker->holder != NULL ? wv_holder_text(worker->holder) : NULL;
        wv_strbuf_adds(text, "; nobody leads");
        if (holder != NULL)
            wv_strbuf_addf(text, ", the lock is held by %s", holder);
        return;
    }
    wv_strbuf_addf(text, "; host %s (pid %d) leads", worker->leader->host,
                   (int)worker->leader->pid);
    if (worker->doing == NULL) {
        wv_strbuf_adds(text, " and runs nothing");
    } else if (with_times) {
        char *doing WV_AUTOFREE = wv_doing_text(worker->doing);
        wv_strbuf_addf(text, ": %s", doing);
    } else {
        wv_strbuf_addf(text, ": %s %d", worker->doing->job, worker->doing->step);
    }
}

/* How things stand for those who wait. */
struct scene {
    const struct wv_db_state *state; /* NULL: unknown */
    struct wv_err fault;             /* of the files as they are now; code WV_OK: none */
    struct wv_queue queue;
};

static void add_fault(struct wv_strbuf *text, const struct wv_err *fault)
{
    if (fault->code == WV_OK)
        return;
    wv_strbuf_addf(text, "; %s", fault->message);
    if (fault->file != NULL)
        wv_strbuf_addf(text, " (%s:%d)", fault->file, fault->line);
}

static void add_queue(struct wv_strbuf *text, const struct wv_queue *queue)
{
    if (queue->hosts > 0)
        wv_strbuf_addf(text, "; %d %s for the lead", queue->hosts,
                       queue->hosts == 1 ? "host asks" : "hosts ask");
    if (queue->before >= 0)
        wv_strbuf_addf(text, ", %d before this one", queue->before);
    if (queue->jobs > 0)
        wv_strbuf_addf(text, "; %zu %s here", queue->jobs,
                       queue->jobs == 1 ? "job waits" : "jobs wait");
}

/* Without times it is what tells whether there is news. */
static char *describe(const struct scene *scene, const struct wv_strlist *missing, bool with_times)
{
    const struct wv_db_state *state = scene->state;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (state == NULL || !state->reachable) {
        const char *why = state != NULL ? state->error.message : NULL;
        return wv_xasprintf("waiting for the database: %s", why != NULL ? why : "no answer yet");
    }
    char *names WV_AUTOFREE = wv_strlist_join(missing, ", ");
    struct worker worker = find_worker(state);
    wv_strbuf_addf(&text, "waiting for %s", names);
    add_worker(&text, &worker, with_times);
    add_queue(&text, &scene->queue);
    add_fault(&text, &scene->fault);
    return wv_strbuf_take(&text);
}

static json_t *view_queue(const struct wv_queue *queue)
{
    json_t *before = queue->before >= 0 ? json_integer(queue->before) : json_null();
    return json_pack("{s:i,s:o,s:I}", "hosts", queue->hosts, "before", before, "jobs",
                     (json_int_t)queue->jobs);
}

static json_t *view_waiting(const struct scene *scene, const struct wv_strlist *missing,
                            const char *text)
{
    struct worker worker = find_worker(scene->state);
    json_t *leader = json_null();
    if (worker.leader != NULL)
        leader = json_pack("{s:o,s:i}", "host", wv_proto_text(worker.leader->host), "pid",
                           (int)worker.leader->pid);
    json_t *fault = scene->fault.code != WV_OK ? wv_proto_err_json(&scene->fault) : json_null();
    return json_pack("{s:n,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "job", "event", "waiting", "text",
                     wv_proto_text(text), "missing", wv_proto_texts(missing), "leader", leader,
                     "lock_holder",
                     worker.holder != NULL ? wv_view_holder(worker.holder) : json_null(), "running",
                     worker.doing != NULL ? wv_view_doing(worker.doing) : json_null(), "queue",
                     view_queue(&scene->queue), "fault", fault);
}

static void tell(struct wv_wait *wait, const struct scene *scene, const struct wv_strlist *missing)
{
    const struct wv_request *request = wait->request;
    char *now = describe(scene, missing, false);
    bool same = wait->told != NULL && strcmp(wait->told, now) == 0;
    free(wait->told);
    wait->told = now;
    free(wait->text);
    wait->text = describe(scene, missing, true);
    if (!wait->progress || (same && wv_clock_ms() < wait->tell_due) ||
        wv_sessions_behind(request->sessions, request->session))
        return;
    wait->tell_due = wv_clock_ms() + TELL_MS;
    json_t *params = view_waiting(scene, missing, wait->text);
    char *line WV_AUTOFREE = wv_proto_notification("job", params);
    wv_sessions_tell(request->sessions, request->session, line, 0);
    json_decref(params);
}

static void release(struct wv_wait *wait)
{
    wv_strlist_free(&wait->targets);
    free(wait->told);
    free(wait->text);
}

static json_t *view_reached(const struct wv_wait *wait, const struct wv_db_state *state)
{
    json_t *result = json_object();
    json_object_set_new(result, "target", wv_proto_texts(&wait->targets));
    json_object_set_new(result, "current", wv_proto_texts(&state->rows));
    json_object_set_new(result, "waited_ms", json_integer(wv_clock_ms() - wait->since));
    return result;
}

/* True when it is over, one way or the other. */
static bool judge(struct wv_wait *wait, const struct wv_standing *standing,
                  const struct scene *scene)
{
    const struct wv_db_state *state = scene->state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist missing WV_AUTOSTRLIST = {0};
    bool reachable = state != NULL && state->reachable;
    bool known = !reachable || find_missing(wait, standing, &missing, &err);
    if (known && reachable && missing.count == 0)
        wv_request_finish(wait->request, view_reached(wait, state));
    else if (!known)
        wv_request_fail(wait->request, &err);
    else {
        tell(wait, scene, &missing);
        return false;
    }
    release(wait);
    return true;
}

static void remember(struct wv_waits *waits, struct wv_project *project)
{
    struct wv_project *former = waits->sound;
    waits->sound = wv_project_ref(project);
    wv_project_unref(former);
}

/* While files are copied to this host they may be faulty for a moment: who waits already goes on
 * with those before. */
static struct wv_project *sound_files(struct wv_waits *waits, struct wv_project *project,
                                      struct wv_err *fault)
{
    if (wv_project_check(project, fault))
        remember(waits, project);
    return waits->sound != NULL ? waits->sound : project;
}

static void look(struct wv_desk *desk);

static void answered(struct wv_desk *desk, struct wv_request *request, struct wv_project *project,
                     const struct wv_db_state *state)
{
    struct wv_waits *waits = &desk->waits;
    struct wv_standing standing WV_AUTOSTANDING;
    size_t kept = 0;
    struct scene scene = {.state = state, .queue = wv_board_queue(&desk->board)};
    (void)request;
    project = sound_files(waits, project, &scene.fault);
    if (state != NULL)
        scene.queue.hosts = state->instances.asking;
    wv_standing_init(&standing, project, state);
    standing.known.project = project;
    for (size_t i = 0; i < waits->count; i++)
        if (waits->items[i].born >= waits->looks || !judge(&waits->items[i], &standing, &scene))
            waits->items[kept++] = waits->items[i];
    waits->count = kept;
    wv_err_clear(&scene.fault);
    if (kept == 0)
        wv_project_unref(WV_STEAL(waits->sound));
    waits->asking = false;
    waits->due = wv_clock_ms() + wv_clock_jitter(SLOW_LOW_MS, SLOW_HIGH_MS);
    if (waits->again)
        look(desk);
}

static void look(struct wv_desk *desk)
{
    struct wv_waits *waits = &desk->waits;
    waits->again = waits->asking;
    if (waits->asking || waits->count == 0)
        return;
    waits->asking = true;
    waits->looks++;
    wv_ask(desk, NULL, answered);
}

void wv_waits_stir(struct wv_desk *desk)
{
    look(desk);
}

static void expire(struct wv_wait *wait, int64_t now)
{
    struct wv_err err WV_AUTOERR = {0};
    char *names WV_AUTOFREE = wv_strlist_join(&wait->targets, " ");
    wv_err_set(&err, WV_TIMED_OUT, "%s is not there after %lld s: %s", names,
               (long long)((now - wait->since) / 1000),
               wait->text != NULL ? wait->text : "the database has not been seen yet");
    wv_err_hint(&err, "`wovenctl migrate status` shows where the database is and who leads");
    wv_request_fail(wait->request, &err);
    release(wait);
}

void wv_waits_turn(struct wv_desk *desk, int64_t now)
{
    struct wv_waits *waits = &desk->waits;
    size_t kept = 0;
    for (size_t i = 0; i < waits->count; i++) {
        if (waits->items[i].deadline <= now)
            expire(&waits->items[i], now);
        else
            waits->items[kept++] = waits->items[i];
    }
    waits->count = kept;
    if (waits->count > 0 && !waits->asking && waits->due <= now) {
        wv_log(WV_LOG_DEBUG, "wait", "no news for %zu who wait: the database is asked",
               waits->count);
        look(desk);
    }
}

int64_t wv_waits_next(const struct wv_waits *waits)
{
    int64_t next = waits->count > 0 && !waits->asking ? waits->due : WV_NEVER;
    for (size_t i = 0; i < waits->count; i++)
        if (waits->items[i].deadline < next)
            next = waits->items[i].deadline;
    return next;
}

void wv_waits_forget(struct wv_waits *waits, uint64_t session)
{
    size_t kept = 0;
    for (size_t i = 0; i < waits->count; i++) {
        struct wv_wait *wait = &waits->items[i];
        if (wait->request->session != session) {
            waits->items[kept++] = *wait;
            continue;
        }
        wv_request_finish(wait->request, json_null());
        release(wait);
    }
    waits->count = kept;
}

void wv_waits_clear(struct wv_waits *waits, const struct wv_err *why)
{
    for (size_t i = 0; i < waits->count; i++) {
        wv_request_fail(waits->items[i].request, why);
        release(&waits->items[i]);
    }
    free(waits->items);
    wv_project_unref(waits->sound);
    *waits = (struct wv_waits){.asking = waits->asking};
}

void wv_verb_wait(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_waits *waits = &desk->waits;
    struct wv_project *project = wv_files_fresh(desk->files);
    struct wv_err err WV_AUTOERR = {0};
    int64_t now = wv_clock_ms();
    int64_t ms = wv_request_number(request, "wait_ms", WV_NEVER);
    struct wv_wait wait = {.request = request,
                           .since = now,
                           .born = waits->looks,
                           .deadline = ms > WV_NEVER - now ? WV_NEVER : now + ms,
                           .progress = wv_request_flag(request, "progress", true)};
    wv_request_list(request, "target", &wait.targets);
    if (wait.targets.count == 0)
        wv_strlist_add(&wait.targets, "head");
    if (desk->stop.strength != WV_SERVING)
        wv_stop_refuse(desk, &err);
    else if (check_targets(project, &wait.targets, &err)) {
        remember(waits, project);
        WV_GROW(waits->items, waits->count, waits->capacity);
        waits->items[waits->count++] = wait;
        look(desk);
        return;
    }
    release(&wait);
    wv_request_fail(request, &err);
}
