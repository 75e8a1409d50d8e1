/* See link.h. Pauses between attempts grow with jitter (core/policy), so that many daemons do not
 * come back to a restarted server in one moment. */
#include "link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "embedded.h"
#include "log.h"
#include "query.h"

enum {
    STANDBY_LOW_MS = 700, /* a standby looks for a free lock about once a second */
    STANDBY_HIGH_MS = 1300,
    FIRST_LOW_MS = 150, /* the one whose turn is next more often */
    FIRST_HIGH_MS = 350,
    EVICT_MS = 5000,
    REGAIN_LOW_MS = 300, /* a job that waits for the server is not kept waiting longer than this */
    REGAIN_HIGH_MS = 1000,
    REFUSED_MS = 15000, /* what only a person can mend */
};

static struct wv_ledger *new_ledger(const struct wv_settings *settings,
                                    const struct wv_instance_id *instance)
{
    char host[256] = "unknown";
    gethostname(host, sizeof(host) - 1);
    return wv_ledger_new(
        &(struct wv_ledger_options){.project = settings->project,
                                    .schema = settings->ledger_schema,
                                    .version_table = settings->version_table,
                                    .version_table_schema = settings->version_table_schema,
                                    .host = host,
                                    .instance = *instance});
}

static void take_settings(struct wv_link *link, struct wv_settings *settings)
{
    wv_settings_free(link->settings);
    wv_ledger_free(link->ledger);
    link->settings = settings;
    link->ledger = new_ledger(settings, &link->instance);
    link->lock_key = wv_advisory_key(settings->project);
}

void wv_link_init(struct wv_link *link, struct wv_settings *settings,
                  const struct wv_instance_id *instance)
{
    *link =
        (struct wv_link){.instance = *instance, .role = WV_ROLE_CONNECTING, .due = wv_clock_ms()};
    wv_embedded_resolve(settings);
    take_settings(link, settings);
}

void wv_link_clear(struct wv_link *link)
{
    wv_pg_close(link->pg);
    wv_server_stop(link->server);
    wv_ledger_free(link->ledger);
    wv_settings_free(link->settings);
    wv_leader_clear(&link->leader);
    wv_ledger_turn_clear(&link->turn);
    wv_err_clear(&link->error);
    *link = (struct wv_link){0};
}

/* The one place where the role changes. `err` (may be NULL) is moved. */
static void enter(struct wv_link *link, enum wv_role role, struct wv_err *err)
{
    bool same_words = err == NULL || (link->error.message != NULL && err->message != NULL &&
                                      strcmp(link->error.message, err->message) == 0);
    if (!link->quiet && (role != link->role || !same_words)) {
        wv_log(WV_LOG_INFO, "role", "%s -> %s", wv_role_word(link->role), wv_role_word(role));
        if (err != NULL)
            wv_log_err(role == WV_ROLE_CONNECTING ? WV_LOG_INFO : WV_LOG_WARNING, "role", err);
    }
    link->role = role;
    if (err != NULL)
        wv_err_move(&link->error, err);
    else
        wv_err_clear(&link->error);
    if (role != WV_ROLE_LEADER)
        link->token = 0;
    link->changed(link->changed_arg, link);
}

static void disconnect(struct wv_link *link)
{
    wv_pg_close(link->pg);
    link->pg = NULL;
    link->wanted = false;
    wv_leader_clear(&link->leader);
    wv_ledger_turn_clear(&link->turn);
}

/* Waits longer after each failure, with jitter; without a bound on their number. */
static void pause_longer(struct wv_link *link)
{
    int64_t pause = wv_policy_reconnect.cap_ms;
    if (!wv_policy_again(&wv_policy_reconnect, &link->attempts, wv_clock_random, NULL, &pause))
        pause = wv_policy_reconnect.cap_ms;
    link->due = wv_clock_ms() + pause;
}

void wv_link_lost(struct wv_link *link, struct wv_err *err)
{
    disconnect(link);
    link->attempts = (struct wv_attempts){0};
    pause_longer(link);
    enter(link, WV_ROLE_UNREACHABLE, err);
}

/* What only a person can mend, not time. */
static bool is_refusal(const struct wv_err *err)
{
    if (wv_policy_transient(err->sqlstate))
        return false;
    switch (err->code) {
    case WV_DATABASE_UNREACHABLE:
    case WV_CONNECTION_LOST:
    case WV_TIMED_OUT:
        return false;
    default:
        return true;
    }
}

/* An attempt failed: try again soon when the server is away, later when it said no. */
static void give_up(struct wv_link *link, struct wv_err *err)
{
    disconnect(link);
    if (err->code == WV_CANCELLED) {
        link->due = wv_clock_ms();
        enter(link, WV_ROLE_CONNECTING, NULL);
        return;
    }
    if (is_refusal(err)) {
        link->due = wv_clock_ms() + wv_clock_jitter(REFUSED_MS / 2, REFUSED_MS);
        enter(link, WV_ROLE_REFUSED, err);
        return;
    }
    pause_longer(link);
    enter(link, WV_ROLE_UNREACHABLE, err);
}

static void forward_notice(void *arg, const char *severity, const char *text)
{
    struct wv_link *link = arg;
    if (link->notice != NULL)
        link->notice(link->notice_arg, severity, text);
    else
        wv_log(WV_LOG_DEBUG, "server", "%s: %s", severity, text);
}

/* Says what is going on meanwhile: the first time takes a second or more. */
static bool run_server(struct wv_link *link, const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (link->settings->embedded != NULL && link->server == NULL && link->error.code == WV_OK) {
        struct wv_err starting = {0};
        wv_embedded_starting(&starting);
        enter(link, WV_ROLE_CONNECTING, &starting);
    }
    return wv_embedded_run(&link->server, link->settings, wait, err);
}

static bool connect_work(struct wv_link *link, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_xasprintf(WV_LEDGER_WORK_NAME, link->settings->project);
    struct wv_pg_wait limited = *wait;
    int64_t deadline = wv_clock_ms() + link->settings->timeouts.connect;
    if (deadline < limited.deadline)
        limited.deadline = deadline;
    if (!wv_pg_connect(&link->pg,
                       &(struct wv_pg_options){.database = link->settings->database,
                                               .application_name = name,
                                               .notice = forward_notice,
                                               .notice_arg = link,
                                               .ledger_schema = link->settings->ledger_schema,
                                               .first_host = link->host_number},
                       &limited, err))
        return false;
    /* Where it was promoted once it stays: the old primary may come back, as one. */
    link->host_number = wv_pg_facts(link->pg)->host_number;
    if (wv_pg_facts(link->pg)->read_only) {
        /* It may be promoted at any time. */
        link->attempts = (struct wv_attempts){0};
        return wv_link_refuse_read_only(link, err);
    }
    return wv_ledger_listen(link->ledger, link->pg, &limited, err);
}

bool wv_link_refuse_read_only(const struct wv_link *link, struct wv_err *err)
{
    const struct wv_pg_facts *facts = wv_pg_facts(link->pg);
    wv_err_set(err, WV_DATABASE_UNREACHABLE, "the server %s takes no changes: it is %s",
               facts->host,
               facts->in_recovery ? "a standby" : "read only (default_transaction_read_only)");
    return wv_err_hint(
        err, "name all hosts in `database`: of several, the one that takes changes is used");
}

bool wv_link_look_at_queue(struct wv_link *link, const struct wv_pg_wait *wait, struct wv_err *err)
{
    return wv_ledger_turn_look(link->ledger, link->pg, link->lock_key, link->ticket, &link->turn,
                               wait, err);
}

/* What the queue tells of the leader; host NULL when nobody leads or it cannot be told. */
static void take_leader(struct wv_link *link)
{
    const struct wv_ledger_leader *leader = &link->turn.leader;
    wv_leader_clear(&link->leader);
    if (leader->host != NULL)
        link->leader = (struct wv_leader){.host = wv_xstrdup(leader->host),
                                          .pid = leader->pid,
                                          .token = leader->token,
                                          .since = wv_xstrdup(leader->since)};
}

/* Who is first in the queue looks more often: he is the one whom a free lock waits for. */
static void become_standby(struct wv_link *link)
{
    int64_t before = link->leader.token;
    bool first = link->ticket != 0 && link->turn.first == link->ticket;
    take_leader(link);
    link->due = wv_clock_ms() + (first ? wv_clock_jitter(FIRST_LOW_MS, FIRST_HIGH_MS)
                                       : wv_clock_jitter(STANDBY_LOW_MS, STANDBY_HIGH_MS));
    if (before != link->leader.token || link->role != WV_ROLE_STANDBY)
        enter(link, WV_ROLE_STANDBY, NULL);
}

static bool lead(struct wv_link *link, const struct wv_pg_wait *wait, struct wv_err *err)
{
    int64_t token;
    if (!wv_ledger_prepare(link->ledger, link->pg, &token, wait, err) ||
        !wv_link_look_at_queue(link, wait, err))
        return false;
    take_leader(link);
    link->token = token;
    link->wanted = true;
    link->due = wv_clock_ms();
    enter(link, WV_ROLE_LEADER, NULL);
    return true;
}

/* Nobody but the first in the queue tries to take the lock: so it goes in the order of asking, and
 * a lock that becomes free wakes one daemon and not all. */
static bool is_our_turn(const struct wv_link *link)
{
    if (!link->settings->may_lead || link->turn.holder != 0)
        return false;
    if (link->turn.first != 0)
        return link->turn.first == link->ticket;
    return link->ticket != 0 || wv_clock_ms() >= link->rest_until;
}

/* Whether the server is to be asked if who holds the lock hangs. */
static bool may_hang(const struct wv_ledger_turn *turn, const char *project)
{
    if (turn->leader.host != NULL)
        return turn->leader_silent_ms >= WV_LEDGER_SILENT_MS;
    char *name WV_AUTOFREE = wv_xasprintf(WV_LEDGER_WORK_NAME, project);
    const char *application = turn->stranger.application;
    return turn->holder != 0 && application != NULL && application[0] != '\0' &&
           strncmp(name, application, strlen(application)) == 0;
}

/* A leader that was not seen for long, and whose session does nothing either, is put out. That it
 * cannot be is no reason to give up: another role may own that session. */
static void evict_the_hanging(struct wv_link *link, const struct wv_pg_wait *wait)
{
    const struct wv_ledger_turn *turn = &link->turn;
    struct wv_err err WV_AUTOERR = {0};
    bool ended = false;
    if (!link->settings->may_lead || !may_hang(turn, link->settings->project) ||
        wv_clock_ms() < link->evict_due)
        return;
    link->evict_due = wv_clock_ms() + EVICT_MS;
    if (!wv_ledger_turn_evict(link->ledger, link->pg, link->lock_key, turn, &ended, wait, &err))
        wv_log_err(WV_LOG_WARNING, "role", &err);
    if (!ended)
        return;
    char *holder WV_AUTOFREE = wv_holder_text(&turn->stranger);
    if (turn->leader.host != NULL)
        wv_log(WV_LOG_WARNING, "role",
               "the leader on %s (pid %d) hangs: not seen for %lld s, its session was ended",
               turn->leader.host, (int)turn->leader.pid,
               (long long)(turn->leader_silent_ms / 1000));
    else
        wv_log(WV_LOG_WARNING, "role",
               "a daemon hangs that has the lock and does not lead: its session was ended (%s)",
               holder);
}

static bool contend(struct wv_link *link, const struct wv_pg_wait *wait, struct wv_err *err)
{
    bool taken = false;
    if (!wv_link_look_at_queue(link, wait, err) ||
        (is_our_turn(link) && !wv_advisory_try(link->pg, link->lock_key, &taken, wait, err)))
        return false;
    if (taken && !lead(link, wait, err))
        return false;
    link->attempts = (struct wv_attempts){0};
    if (taken)
        return true;
    evict_the_hanging(link, wait);
    become_standby(link);
    return true;
}

void wv_link_yield(struct wv_link *link, int64_t ticket, const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_ledger_turn_pass(link->ledger, link->pg, link->lock_key, ticket, wait, &err)) {
        wv_link_lost(link, &err);
        return;
    }
    wv_leader_clear(&link->leader);
    link->wanted = false;
    link->due = wv_clock_ms() + wv_clock_jitter(STANDBY_LOW_MS, STANDBY_HIGH_MS);
    enter(link, WV_ROLE_STANDBY, NULL);
}

void wv_link_advance(struct wv_link *link, const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    if (link->pg == NULL && (!run_server(link, wait, &err) || !connect_work(link, wait, &err))) {
        give_up(link, &err);
        return;
    }
    if (link->role != WV_ROLE_LEADER && !contend(link, wait, &err))
        give_up(link, &err);
}

void wv_link_set_settings(struct wv_link *link, struct wv_settings *settings)
{
    const struct wv_settings *old = link->settings;
    wv_embedded_resolve(settings);
    bool same = strcmp(old->database, settings->database) == 0 &&
                strcmp(old->project, settings->project) == 0 &&
                strcmp(old->version_table, settings->version_table) == 0 &&
                strcmp(old->version_table_schema, settings->version_table_schema) == 0 &&
                strcmp(old->ledger_schema, settings->ledger_schema) == 0 &&
                old->may_lead == settings->may_lead;
    if (same) {
        wv_settings_free(link->settings);
        link->settings = settings;
        return;
    }
    disconnect(link);
    if (strcmp(old->database, settings->database) != 0)
        wv_server_stop(WV_STEAL(link->server));
    link->ticket = 0;
    link->host_number = 0;
    take_settings(link, settings);
    link->due = wv_clock_ms();
    link->attempts = (struct wv_attempts){0};
    enter(link, WV_ROLE_CONNECTING, NULL);
}

bool wv_link_regain(struct wv_link *link, const struct wv_pg_wait *wait)
{
    while (link->pg == NULL || link->role == WV_ROLE_UNREACHABLE) {
        struct wv_err err WV_AUTOERR = {0};
        struct wv_pg_wait nap = *wait;
        int64_t due = wv_clock_ms() + wv_clock_jitter(REGAIN_LOW_MS, REGAIN_HIGH_MS);
        if (link->due < due)
            due = link->due;
        if (due < nap.deadline)
            nap.deadline = due;
        if (wv_pg_idle(NULL, &nap, &err) == WV_PG_IDLE_INTERRUPTED ||
            wv_clock_ms() >= wait->deadline)
            return false;
        wv_link_advance(link, wait);
    }
    return link->role == WV_ROLE_LEADER || link->role == WV_ROLE_STANDBY;
}

void wv_link_refresh(struct wv_link *link, const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    bool held = false;
    if (!wv_pg_reset_session(link->pg, wait, &err) ||
        !wv_advisory_release_others(link->pg, link->lock_key, wait, &err) ||
        !wv_advisory_held(link->pg, link->lock_key, &held, wait, &err)) {
        wv_link_lost(link, &err);
        link->due = wv_clock_ms();
        return;
    }
    if (held)
        return;
    wv_err_set(&err, WV_NOT_LEADER, "a step gave the project's lock away");
    wv_err_hint(&err, "a migration must not call pg_advisory_unlock_all() or DISCARD ALL");
    wv_link_lost(link, &err);
    link->due = wv_clock_ms();
}
