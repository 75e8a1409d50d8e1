/* See turn.h. Each question to the server is short and has a deadline of its own; what may last is
 * spent outside of the server, listening. */
#include "turn.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

enum {
    ASK_MS = 5000,      /* one question to the server */
    MIND_LOW_MS = 3000, /* a leader looks for askers that it did not hear */
    MIND_HIGH_MS = 6000,
    SPREAD_MS = 20, /* after news, askers look one after the other */
    SPREAD_MOST_MS = 1000,
    TELL_MS = 15000, /* a client that waits is told again that it does */
};

static const char tag[] = "turn";

static void sooner(struct wv_link *link, int64_t ms)
{
    int64_t due = wv_clock_ms() + ms;
    if (due < link->due)
        link->due = due;
}

static void hear_free(struct wv_link *link, const char *rest)
{
    int64_t ticket = strtoll(rest, NULL, 10);
    if (ticket != 0 && ticket == link->ticket)
        sooner(link, 0);
    else if (ticket == 0)
        sooner(link, wv_clock_jitter(0, SPREAD_MS * 10));
}

static void hear_news(struct wv_link *link)
{
    int64_t spread = (int64_t)SPREAD_MS * (link->turn.before + 1);
    if (link->ticket == 0)
        return;
    link->news = true;
    sooner(link, wv_clock_jitter(0, spread < SPREAD_MOST_MS ? spread : SPREAD_MOST_MS));
}

void wv_turn_hear(struct wv_link *link)
{
    struct wv_pg_notification heard = {0};
    while (link->pg != NULL && wv_pg_notification(link->pg, &heard)) {
        if (strcmp(heard.payload, WV_LEDGER_WANT) == 0)
            link->wanted = true;
        else if (strncmp(heard.payload, WV_LEDGER_FREE, strlen(WV_LEDGER_FREE)) == 0)
            hear_free(link, heard.payload + strlen(WV_LEDGER_FREE));
        else if (strcmp(heard.payload, WV_LEDGER_NEWS) == 0)
            hear_news(link);
        wv_pg_notification_clear(&heard);
    }
}

static bool look(struct wv_link *link)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (wv_link_look_at_queue(link, &wait, &err))
        return true;
    wv_link_lost(link, &err);
    return false;
}

void wv_turn_yield(struct wv_link *link)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    if (look(link))
        wv_link_yield(link, link->turn.first, &wait);
}

void wv_turn_mind(struct wv_link *link, int64_t age_ms)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    if (!look(link))
        return;
    const struct wv_ledger_turn *turn = &link->turn;
    link->wanted = turn->first != 0;
    link->due = wv_clock_ms() + wv_clock_jitter(MIND_LOW_MS, MIND_HIGH_MS);
    if (turn->first == 0 || turn->first == link->ticket || turn->first_age_ms < age_ms)
        return;
    wv_log(WV_LOG_INFO, tag, "the lead goes to ticket %lld", (long long)turn->first);
    wv_link_yield(link, turn->first, &wait);
}

/* Asks for a place in the queue, unless there is one. */
static bool queue_up(struct wv_link *link, struct wv_err *err)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    if (link->ticket != 0 && (!link->turn.queue || link->turn.asked))
        return true;
    if (!wv_ledger_turn_ask(link->ledger, link->pg, &link->ticket, &wait, err))
        return false;
    link->turn.asked = true;
    wv_log(WV_LOG_INFO, tag, "asked for the lead: ticket %lld", (long long)link->ticket);
    return true;
}

/* What a client was told last; told again when it has changed, and now and then. */
struct told {
    int64_t due;
    int64_t token;
    int before;
    int step;
    int holder;
    bool runs;
};

/* Borrows all of it. */
static struct wv_turn_value value_of(const struct wv_link *link)
{
    struct wv_turn_value value = {.before = link->turn.before,
                                  .host = link->leader.host,
                                  .pid = link->leader.pid,
                                  .holder = link->turn.stranger};
    if (link->leader.host != NULL)
        value.doing = link->turn.doing;
    return value;
}

static void tell(const struct wv_link *link, const struct wv_report *report, struct told *told)
{
    const struct wv_ledger_turn *turn = &link->turn;
    struct told now = {.due = wv_clock_ms() + TELL_MS,
                       .token = link->leader.token,
                       .before = turn->before,
                       .step = turn->doing.step,
                       .holder = turn->stranger.backend_pid,
                       .runs = turn->doing.job != NULL};
    bool same = now.token == told->token && now.before == told->before && now.step == told->step &&
                now.holder == told->holder && now.runs == told->runs;
    if (same && wv_clock_ms() < told->due)
        return;
    *told = now;
    struct wv_turn_value value = value_of(link);
    wv_report_turn(report, &value);
}

static bool timed_out(const struct wv_link *link, struct wv_err *err)
{
    struct wv_turn_value value = value_of(link);
    char *text WV_AUTOFREE = wv_turn_text(&value);
    wv_err_set(err, WV_TIMED_OUT, "gave up %s", text);
    return wv_err_hint(err, "nothing was changed; `wovenctl migrate status` shows who leads");
}

/* Sleeps until something is heard or due. False: stopped. */
static bool nap(struct wv_link *link, const struct wv_pg_wait *wait, int64_t until,
                struct wv_err *err)
{
    struct wv_pg_wait limited = *wait;
    struct wv_err lost WV_AUTOERR = {0};
    limited.deadline = link->due < until ? link->due : until;
    switch (wv_pg_idle(link->pg, &limited, &lost)) {
    case WV_PG_IDLE_INTERRUPTED:
        return wv_err_set(err, WV_CANCELLED, "stopped while waiting for the lead");
    case WV_PG_IDLE_LOST:
        wv_link_lost(link, &lost);
        break;
    case WV_PG_IDLE_NOTIFIED:
        wv_turn_hear(link);
        break;
    case WV_PG_IDLE_DEADLINE:
        break;
    }
    return true;
}

bool wv_turn_wait(struct wv_link *link, const struct wv_report *report,
                  const struct wv_pg_wait *wait, int64_t until, struct wv_err *err)
{
    struct told told = {.token = -1};
    struct wv_pg_wait short_wait = wv_pg_wait_ms(ASK_MS);
    link->news = false;
    link->due = wv_clock_ms();
    while (link->role == WV_ROLE_STANDBY) {
        if (wv_clock_ms() >= link->due) {
            if (!queue_up(link, err))
                return false;
            short_wait = wv_pg_wait_ms(ASK_MS);
            wv_link_advance(link, &short_wait);
            if (link->role != WV_ROLE_STANDBY)
                break;
            if (link->news)
                return true;
            tell(link, report, &told);
        }
        if (wv_clock_ms() >= until)
            return timed_out(link, err);
        if (!nap(link, wait, until, err))
            return false;
    }
    if (link->role == WV_ROLE_LEADER)
        return true;
    wv_err_copy(err, &link->error);
    return false;
}

void wv_turn_end(struct wv_link *link)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    struct wv_err err WV_AUTOERR = {0};
    int64_t ticket = link->ticket;
    link->ticket = 0;
    if (ticket == 0 || link->pg == NULL)
        return;
    if (!wv_ledger_turn_end(link->ledger, link->pg, ticket, &wait, &err))
        wv_log_err(WV_LOG_WARNING, tag, &err);
}

void wv_turn_tell(struct wv_link *link)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(ASK_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (link->pg != NULL && !wv_ledger_notify(link->ledger, link->pg, WV_LEDGER_NEWS, &wait, &err))
        wv_log_err(WV_LOG_WARNING, tag, &err);
}
