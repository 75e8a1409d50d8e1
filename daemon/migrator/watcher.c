/* See watcher.h. */
#include "watcher.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blockers.h"
#include "embedded.h"
#include "ledger_turn.h"
#include "log.h"
#include "look.h"
#include "shown.h"
#include "verify.h"

enum {
    WATCH_MS = 2500,    /* for what is read by itself, not because somebody asks */
    BLOCKERS_MS = 500,  /* how often a running statement is looked at */
    ASK_AGAIN_MS = 500, /* how soon a question may try a dead server again */
    HIDE_MS = 1000,     /* a stop does not wait longer for the others to be told */
};

struct watcher {
    struct wv_mailbox *inbox;
    struct wv_mailbox *outbox;
    struct wv_settings *settings;
    struct wv_instance_id instance;
    struct wv_ledger *ledger;
    int64_t lock_key;
    struct wv_pg *pg; /* NULL: not connected */
    struct wv_look_memory memory;
    struct wv_shown shown;
    struct wv_err error;  /* why not */
    int64_t tried;        /* wv_clock_ms() of the last attempt to connect */
    int64_t server;       /* which the migrator works on (wv_pg_facts.server); 0: none */
    uint64_t watched_job; /* 0: none */
    int watched_backend;
    bool told_blockers;
    bool stopping;
};

static void set_settings(struct watcher *watcher, struct wv_settings *settings)
{
    char host[256] = "unknown";
    gethostname(host, sizeof(host) - 1);
    wv_embedded_resolve(settings);
    if (watcher->settings != NULL && strcmp(watcher->settings->database, settings->database) != 0)
        watcher->server = 0;
    wv_settings_free(watcher->settings);
    wv_ledger_free(watcher->ledger);
    wv_pg_close(watcher->pg);
    wv_look_memory_clear(&watcher->memory);
    watcher->pg = NULL;
    watcher->tried = 0;
    watcher->settings = settings;
    if (settings->embedded != NULL)
        wv_embedded_starting(&watcher->error);
    watcher->lock_key = wv_advisory_key(settings->project);
    watcher->ledger = wv_ledger_new(
        &(struct wv_ledger_options){.project = settings->project,
                                    .schema = settings->ledger_schema,
                                    .version_table = settings->version_table,
                                    .version_table_schema = settings->version_table_schema,
                                    .host = host,
                                    .instance = watcher->instance});
}

static bool must_stop(void *arg)
{
    struct watcher *watcher = arg;
    return wv_mailbox_has_kind(watcher->inbox, WV_MSG_STOP) ||
           wv_mailbox_has_kind(watcher->inbox, WV_MSG_SETTINGS);
}

static bool inbox_has_something(void *arg)
{
    struct watcher *watcher = arg;
    return wv_mailbox_count(watcher->inbox) > 0;
}

static struct wv_pg_wait wait_until(struct watcher *watcher, bool (*interrupted)(void *arg),
                                    int64_t deadline)
{
    return (struct wv_pg_wait){.wake_fd = wv_mailbox_fd(watcher->inbox),
                               .interrupted = interrupted,
                               .arg = watcher,
                               .deadline = deadline};
}

static struct wv_pg_wait wait_for(struct watcher *watcher, bool (*interrupted)(void *arg),
                                  int64_t ms)
{
    return wait_until(watcher, interrupted, ms == WV_NEVER ? WV_NEVER : wv_clock_ms() + ms);
}

static void disconnect(struct watcher *watcher)
{
    wv_pg_close(WV_STEAL(watcher->pg));
    wv_look_memory_clear(&watcher->memory); /* it may be another database next time */
}

static void lose(struct watcher *watcher, struct wv_err *err)
{
    disconnect(watcher);
    wv_err_move(&watcher->error, err);
}

static bool is_elsewhere(const struct watcher *watcher)
{
    return watcher->server != 0 && wv_pg_facts(watcher->pg)->server != watcher->server;
}

/* A connection to what took no changes is made anew now and then: it may have been promoted. */
static bool is_stale(const struct watcher *watcher)
{
    return wv_pg_facts(watcher->pg)->read_only && wv_clock_ms() - watcher->tried >= ASK_AGAIN_MS;
}

static bool connect_watch(struct watcher *watcher, const struct wv_pg_options *options,
                          struct wv_err *err)
{
    struct wv_pg_wait wait = wait_for(watcher, must_stop, watcher->settings->timeouts.connect);
    return wv_pg_connect(&watcher->pg, options, &wait, err) &&
           (wv_pg_facts(watcher->pg)->in_recovery ||
            wv_ledger_listen(watcher->ledger, watcher->pg, &wait, err));
}

/* Connects when that was not just tried. */
static bool connected(struct watcher *watcher)
{
    if (watcher->pg != NULL && !is_stale(watcher))
        return true;
    disconnect(watcher);
    if (watcher->settings->embedded != NULL && watcher->server == 0)
        return false;
    if (watcher->tried != 0 && wv_clock_ms() - watcher->tried < ASK_AGAIN_MS)
        return false;
    char *name WV_AUTOFREE = wv_xasprintf("wovend/%s (watch)", watcher->settings->project);
    struct wv_pg_options options = {.database = watcher->settings->database,
                                    .application_name = name,
                                    .ledger_schema = watcher->settings->ledger_schema,
                                    .server = watcher->server};
    struct wv_err err WV_AUTOERR = {0};
    watcher->tried = wv_clock_ms();
    if (connect_watch(watcher, &options, &err))
        return true;
    lose(watcher, &err);
    return false;
}

/* Why a private server does not run is what questions are answered with. */
static void take_server(struct watcher *watcher, struct wv_message *message)
{
    watcher->server = message->server.id;
    watcher->tried = 0;
    if (message->server.error.code != WV_OK)
        lose(watcher, &message->server.error);
    if (watcher->pg != NULL && is_elsewhere(watcher))
        disconnect(watcher);
}

/* Something that is asked of the database once connected. */
struct question {
    const struct wv_message *message; /* ASK or LOOKUP */
    struct wv_message *answer;        /* ANSWER or FOUND */
};

static bool look(struct watcher *watcher, const struct question *question, struct wv_err *err)
{
    struct wv_pg_wait wait = wait_until(watcher, must_stop, question->message->ask.deadline);
    struct wv_look_request request = {.lock_key = watcher->lock_key,
                                      .project = question->message->ask.project,
                                      .with_sql = question->message->ask.with_sql};
    return wv_look(watcher->ledger, watcher->pg, &request, &watcher->memory,
                   &question->answer->answer.state, &wait, err);
}

static bool look_up(struct watcher *watcher, const struct question *question, struct wv_err *err)
{
    const struct wv_message *message = question->message;
    struct wv_message *answer = question->answer;
    struct wv_pg_wait wait = wait_until(watcher, must_stop, message->lookup.deadline);
    if (message->lookup.what == WV_LOOKUP_LOG)
        return wv_read_log(&answer->found.log, &message->lookup.filter, watcher->ledger,
                           watcher->pg, &wait, err);
    if (wv_verify(&answer->found.verdict, message->lookup.project, message->lookup.with_diff,
                  watcher->ledger, watcher->pg, &wait, err))
        return true;
    wv_verdict_clear(&answer->found.verdict);
    return false;
}

static bool ask_once(struct watcher *watcher, const struct question *question, struct wv_err *err)
{
    if (!connected(watcher)) {
        wv_err_copy(err, &watcher->error);
        return false;
    }
    bool is_look = question->message->kind == WV_MSG_ASK;
    if (is_look ? look(watcher, question, err) : look_up(watcher, question, err))
        return true;
    if (err->code == WV_CONNECTION_LOST || !wv_pg_usable(watcher->pg)) {
        struct wv_err lost WV_AUTOERR = {0};
        wv_err_copy(&lost, err);
        lose(watcher, &lost);
    }
    return false;
}

/* A connection that died unnoticed gets a second chance: the server may be back already. */
static void ask(struct watcher *watcher, const struct question *question, struct wv_err *err)
{
    bool was_connected = watcher->pg != NULL;
    if (ask_once(watcher, question, err) || !was_connected || watcher->pg != NULL)
        return;
    watcher->tried = 0;
    wv_err_clear(err);
    (void)!ask_once(watcher, question, err);
}

static void deliver(struct watcher *watcher, const struct question *question, struct wv_err *err)
{
    const struct wv_message *message = question->message;
    struct wv_message *answer = question->answer;
    if (message->kind == WV_MSG_ASK) {
        answer->answer.question = message->ask.question;
        wv_err_move(&answer->answer.state.error, err);
    } else {
        answer->found.question = message->lookup.question;
        wv_err_move(&answer->found.error, err);
    }
    wv_mailbox_deliver(watcher->outbox, answer);
}

/* A question that was interrupted goes behind what interrupted it: it is asked again under the new
 * settings; when the daemon stops it is not, and the loop tells those who wait. */
static void answer(struct watcher *watcher, struct wv_message *message)
{
    bool is_look = message->kind == WV_MSG_ASK;
    struct question question = {message, wv_message_new(is_look ? WV_MSG_ANSWER : WV_MSG_FOUND)};
    struct wv_err err WV_AUTOERR = {0};
    ask(watcher, &question, &err);
    if (err.code == WV_CANCELLED && must_stop(watcher)) {
        wv_message_free(question.answer);
        wv_mailbox_put(watcher->inbox, message);
        return;
    }
    deliver(watcher, &question, &err);
    wv_message_free(message);
}

/* Takes it over. */
static void take_message(struct watcher *watcher, struct wv_message *message)
{
    switch (message->kind) {
    case WV_MSG_ASK:
    case WV_MSG_LOOKUP:
        answer(watcher, message);
        return; /* it may be in the inbox again */
    case WV_MSG_SELF:
        wv_shown_take(&watcher->shown, &message->self);
        break;
    case WV_MSG_WATCH:
        watcher->watched_job = message->watch.job_id;
        watcher->watched_backend = message->watch.backend_pid;
        watcher->told_blockers = false;
        break;
    case WV_MSG_SERVER:
        take_server(watcher, message);
        break;
    case WV_MSG_SETTINGS:
        set_settings(watcher, WV_STEAL(message->settings));
        break;
    case WV_MSG_STOP:
        watcher->stopping = true;
        break;
    default:
        wv_log(WV_LOG_ERROR, "watcher", "BUG: a message of kind %d", (int)message->kind);
        break;
    }
    wv_message_free(message);
}

static bool tell_blockers(struct watcher *watcher, const struct wv_pg_wait *wait,
                          struct wv_err *err)
{
    struct wv_blockers blockers = {.job_id = watcher->watched_job};
    if (!wv_blockers_read(watcher->pg, watcher->watched_backend, &blockers, wait, err))
        return false;
    if (blockers.count == 0 && !watcher->told_blockers) {
        wv_blockers_clear(&blockers);
        return true;
    }
    watcher->told_blockers = blockers.count > 0;
    struct wv_message *message = wv_message_new(WV_MSG_BLOCKERS);
    message->blockers = blockers;
    wv_mailbox_deliver(watcher->outbox, message);
    return true;
}

static bool tell_progress(struct watcher *watcher, const struct wv_pg_wait *wait,
                          struct wv_err *err)
{
    struct wv_progress progress = {.job_id = watcher->watched_job};
    if (!wv_progress_read(watcher->pg, watcher->watched_backend, &progress, wait, err))
        return false;
    if (progress.phase == NULL)
        return true;
    struct wv_message *message = wv_message_new(WV_MSG_PROGRESS);
    message->progress = progress;
    wv_mailbox_deliver(watcher->outbox, message);
    return true;
}

/* The running statement: what it waits for and how far it is. */
static void watch(struct watcher *watcher)
{
    struct wv_pg_wait wait = wait_for(watcher, must_stop, WATCH_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (!connected(watcher))
        return;
    if (tell_blockers(watcher, &wait, &err) && tell_progress(watcher, &wait, &err))
        return;
    if (!wv_pg_usable(watcher->pg))
        lose(watcher, &err);
}

/* Shows this daemon to the others, and keeps the connection on which their news are heard. */
static void show(struct watcher *watcher)
{
    struct wv_pg_wait wait = wait_for(watcher, must_stop, WATCH_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (!connected(watcher) || wv_pg_facts(watcher->pg)->read_only) {
        wv_shown_later(&watcher->shown);
        return;
    }
    if (wv_shown_write(&watcher->shown, watcher->ledger, watcher->pg, &wait, &err))
        return;
    wv_log_err(WV_LOG_DEBUG, "watcher", &err);
    if (!wv_pg_usable(watcher->pg))
        lose(watcher, &err);
}

static void hide(struct watcher *watcher)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(HIDE_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (watcher->pg != NULL && !wv_pg_facts(watcher->pg)->read_only &&
        !wv_ledger_instance_hide(watcher->ledger, watcher->pg, &wait, &err))
        wv_log_err(WV_LOG_DEBUG, "watcher", &err);
}

static void hear(struct watcher *watcher)
{
    struct wv_pg_notification heard = {0};
    bool news = false;
    while (wv_pg_notification(watcher->pg, &heard)) {
        news = news || strcmp(heard.payload, WV_LEDGER_NEWS) == 0;
        wv_pg_notification_clear(&heard);
    }
    if (news)
        wv_mailbox_put(watcher->outbox, wv_message_new(WV_MSG_NEWS));
}

static void work(struct watcher *watcher)
{
    if (watcher->shown.due <= wv_clock_ms())
        show(watcher);
    if (watcher->watched_job != 0)
        watch(watcher);
}

static void idle(struct watcher *watcher)
{
    struct wv_pg_wait wait =
        wait_for(watcher, inbox_has_something, watcher->watched_job != 0 ? BLOCKERS_MS : WV_NEVER);
    if (watcher->shown.due < wait.deadline)
        wait.deadline = watcher->shown.due;
    struct wv_err err WV_AUTOERR = {0};
    switch (wv_pg_idle(watcher->pg, &wait, &err)) {
    case WV_PG_IDLE_LOST:
        lose(watcher, &err);
        if (watcher->shown.due != WV_NEVER)
            wv_shown_later(&watcher->shown);
        break;
    case WV_PG_IDLE_DEADLINE:
        work(watcher);
        break;
    case WV_PG_IDLE_NOTIFIED:
        hear(watcher);
        break;
    case WV_PG_IDLE_INTERRUPTED:
        break;
    }
}

void wv_watcher_main(const struct wv_watcher_options *options)
{
    wv_log_set_project(options->settings->project);
    struct watcher watcher = {
        .instance = options->instance, .inbox = options->inbox, .outbox = options->outbox};
    wv_shown_init(&watcher.shown);
    set_settings(&watcher, options->settings);
    while (!watcher.stopping) {
        struct wv_message *message = wv_mailbox_take(watcher.inbox);
        if (message != NULL)
            take_message(&watcher, message);
        else
            idle(&watcher);
    }
    hide(&watcher);
    wv_pg_close(watcher.pg);
    wv_shown_clear(&watcher.shown);
    wv_look_memory_clear(&watcher.memory);
    wv_ledger_free(watcher.ledger);
    wv_settings_free(watcher.settings);
    wv_err_clear(&watcher.error);
    struct wv_message *exited = wv_message_new(WV_MSG_EXITED);
    exited->thread = WV_THREAD_WATCHER;
    wv_mailbox_deliver(watcher.outbox, exited);
}
