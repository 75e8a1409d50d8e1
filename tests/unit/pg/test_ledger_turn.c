/* Taking turns and being seen, by several sessions of one database. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advisory.h"
#include "ledger_instance.h"
#include "ledger_internal.h"
#include "ledger_rig.h"
#include "ledger_turn.h"

enum { KEY = 4711 };

static struct wv_ledger_turn see(struct rig *rig, struct wv_pg *pg, int64_t ticket)
{
    struct wv_pg_wait wait = soon();
    struct wv_ledger_turn turn = {0};
    assert_done(wv_ledger_turn_look(rig->ledger, pg, KEY, ticket, &turn, &wait, &rig->err),
                &rig->err);
    return turn;
}

static int64_t ask(struct rig *rig, struct wv_pg *pg)
{
    struct wv_pg_wait wait = soon();
    int64_t ticket;
    assert_done(wv_ledger_turn_ask(rig->ledger, pg, &ticket, &wait, &rig->err), &rig->err);
    return ticket;
}

/* "asked before first?" of a look, the first ticket as its distance from `base`. */
static void lock(struct wv_pg *pg)
{
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT pg_advisory_lock(%d)", KEY);
    run(pg, sql);
}

static void check_turn(struct rig *rig, struct wv_pg *pg, int64_t ticket, bool asked, int before,
                       int64_t first)
{
    struct wv_ledger_turn turn = see(rig, pg, ticket);
    assert_true(turn.queue);
    assert_int_equal(turn.asked, asked);
    assert_int_equal(turn.before, before);
    assert_int_equal(turn.first, first);
    wv_ledger_turn_clear(&turn);
}

static bool hears(struct wv_pg *pg, const char *payload)
{
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_notification heard = {0};
    assert_int_equal(wv_pg_idle(pg, &wait, &err), WV_PG_IDLE_NOTIFIED);
    assert_true(wv_pg_notification(pg, &heard));
    bool same = strcmp(heard.payload, payload) == 0;
    wv_pg_notification_clear(&heard);
    return same;
}

static void test_no_ledger_no_queue(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_ledger_turn turn = see(rig, rig->pg, 0);
    assert_false(turn.queue);
    assert_int_equal(turn.holder, 0);
    assert_int_equal(turn.first, 0);
    assert_int_equal(ask(rig, rig->pg), 0);
    lock(rig->pg);
    turn = see(rig, rig->pg, 0);
    assert_int_equal(turn.holder, wv_pg_facts(rig->pg)->backend_pid);
    wv_ledger_turn_clear(&turn);
    rig_free(rig);
}

static void test_tickets_are_served_in_order(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg *second = connected_to(rig->database);
    struct wv_pg_wait wait = soon();
    int64_t a = ask(rig, rig->pg);
    int64_t b = ask(rig, second);
    assert_true(0 < a && a < b);
    check_turn(rig, rig->pg, a, true, 0, a);
    check_turn(rig, second, b, true, 1, a);
    check_turn(rig, second, 0, false, 2, a);
    assert_done(wv_ledger_turn_end(rig->ledger, rig->pg, a, &wait, &rig->err), &rig->err);
    check_turn(rig, rig->pg, a, false, 0, b);
    check_turn(rig, second, b, true, 0, b);
    struct wv_ledger_turn turn = see(rig, second, b);
    assert_null(turn.leader.host);
    assert_int_equal(turn.leader_silent_ms, -1);
    wv_ledger_turn_clear(&turn);
    lock(rig->pg);
    turn = see(rig, second, b);
    assert_string_equal(turn.leader.host, "testhost");
    assert_int_equal(turn.leader.token, 1);
    assert_in_range(turn.leader_silent_ms, 0, 5000); /* never shown: since it leads */
    assert_int_equal(turn.stranger.backend_pid, 0);
    assert_null(turn.doing.job);
    wv_ledger_turn_clear(&turn);
    run(rig->pg, "SELECT pg_advisory_unlock_all()");
    lock(second);
    turn = see(rig, second, b);
    assert_null(turn.leader.host);
    assert_int_equal(turn.stranger.backend_pid, wv_pg_facts(second)->backend_pid);
    wv_ledger_turn_clear(&turn);
    wv_pg_close(second);
    rig_free(rig);
}

static void test_wants_of_the_dead_and_the_silent_do_not_count(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg *second = connected_to(rig->database);
    int64_t a = ask(rig, second);
    int64_t b = ask(rig, rig->pg);
    check_turn(rig, rig->pg, b, true, 1, a);
    char *gone WV_AUTOFREE =
        wv_xasprintf("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %d)",
                     wv_pg_facts(second)->backend_pid);
    wv_pg_close(second);
    wait_until(rig->pg, gone);
    check_turn(rig, rig->pg, b, true, 0, b);
    /* Silent for longer than a want counts: nobody else sees it, but its owner refreshes it. */
    run(rig->pg, "UPDATE woven.want SET seen_at = now() - interval '9 seconds'");
    check_turn(rig, rig->pg, 0, false, 0, 0);
    check_turn(rig, rig->pg, b, true, 0, b);
    check_turn(rig, rig->pg, 0, false, 1, b);
    run(rig->pg, "UPDATE woven.want SET seen_at = now() - interval '90 seconds'");
    int64_t c = ask(rig, rig->pg);
    assert_true(c > b);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.want"), 1);
    rig_free(rig);
}

static void test_passing_names_the_next(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg *second = connected_to(rig->database);
    struct wv_pg_wait wait = soon();
    bool taken = false;
    assert_done(wv_ledger_listen(rig->ledger, second, &wait, &rig->err), &rig->err);
    assert_done(wv_advisory_try(rig->pg, KEY, &taken, &wait, &rig->err), &rig->err);
    assert_true(taken);
    int64_t ticket = ask(rig, second);
    assert_true(hears(second, WV_LEDGER_WANT));
    assert_done(wv_ledger_turn_pass(rig->ledger, rig->pg, KEY, ticket, &wait, &rig->err),
                &rig->err);
    char *payload WV_AUTOFREE = wv_xasprintf(WV_LEDGER_FREE " %lld", (long long)ticket);
    assert_true(hears(second, payload));
    assert_done(wv_advisory_try(second, KEY, &taken, &wait, &rig->err), &rig->err);
    assert_true(taken);
    wv_pg_close(second);
    rig_free(rig);
}

static void test_instances_are_seen(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_pg_wait wait = soon();
    struct wv_instances list = {0};
    char role[] = "leader", job[] = "upgrade", revision[] = "abc";
    struct wv_instance self = {.role = role,
                               .doing = {.job = job,
                                         .revision = revision,
                                         .up = true,
                                         .step = 2,
                                         .steps = 5,
                                         .job_ms = 61000,
                                         .step_ms = 7000}};
    wv_strlist_add(&self.heads, "abc");
    assert_done(wv_ledger_instance_show(rig->ledger, rig->pg, &self, &wait, &rig->err), &rig->err);
    assert_done(wv_ledger_instance_list(rig->ledger, rig->pg, &list, &wait, &rig->err), &rig->err);
    assert_int_equal(list.count, 0);
    prepare(rig);
    for (int i = 0; i < 2; i++)
        assert_done(wv_ledger_instance_show(rig->ledger, rig->pg, &self, &wait, &rig->err),
                    &rig->err);
    assert_done(wv_ledger_instance_list(rig->ledger, rig->pg, &list, &wait, &rig->err), &rig->err);
    assert_int_equal(list.count, 1);
    const struct wv_instance *seen = &list.items[0];
    assert_true(seen->self);
    assert_int_equal(seen->pid, getpid());
    assert_string_equal(seen->host, "testhost");
    assert_string_equal(seen->version, WV_VERSION);
    assert_string_equal(seen->role, "leader");
    assert_string_equal(seen->heads.items[0], "abc");
    assert_in_range(seen->silent_ms, 0, 5000);
    char *text WV_AUTOFREE = wv_doing_text(&seen->doing);
    assert_memory_equal(text, "upgrade, step 2 of 5, up abc, for 7", 35);
    assert_in_range(seen->doing.job_ms, 61000, 66000);
    lock(rig->pg);
    struct wv_ledger_turn turn = see(rig, rig->pg, 0);
    assert_string_equal(turn.doing.revision, "abc");
    assert_in_range(turn.leader_silent_ms, 0, 5000);
    wv_ledger_turn_clear(&turn);
    run(rig->pg, "UPDATE woven.instance SET seen_at = now() - interval '2 minutes'");
    assert_done(wv_ledger_instance_list(rig->ledger, rig->pg, &list, &wait, &rig->err), &rig->err);
    assert_int_equal(list.count, 0);
    assert_done(wv_ledger_instance_hide(rig->ledger, rig->pg, &wait, &rig->err), &rig->err);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.instance"), 0);
    wv_strlist_free(&self.heads);
    wv_instances_clear(&list);
    rig_free(rig);
}

/* The first version of the tables, as a database may still have them. */
static void test_upgrade_from_version_1(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    rig->ledger->version = 1;
    prepare(rig);
    run(rig->pg, "INSERT INTO alembic_version VALUES ('a')");
    struct wv_ledger *fresh = rig->ledger;
    rig->ledger = wv_ledger_new(&(struct wv_ledger_options){.project = "woven",
                                                            .schema = "woven",
                                                            .version_table = "alembic_version",
                                                            .version_table_schema = "",
                                                            .host = "testhost",
                                                            .instance = wv_instance_id_new()});
    wv_ledger_free(fresh);
    struct wv_ledger_turn turn = see(rig, rig->pg, 0);
    assert_false(turn.queue);
    assert_int_equal(look(rig)->ledger_version, 1);
    prepare(rig);
    assert_int_equal(look(rig)->ledger_version, wv_ledger_version());
    assert_int_equal(rig->job.token, 2);
    check_rows(rig, "a");
    check_turn(rig, rig->pg, 0, false, 0, 0);
    assert_true(ask(rig, rig->pg) > 0);
    /* The check of the token is the new one. */
    rig->job.token = 1;
    fail_up(rig, "a", "b", "SELECT 1", WV_NOT_LEADER);
    rig->job.token = 2;
    step_up(rig, "a", "b", "SELECT 1");
    rig_free(rig);
}

/* A step gives the project's lock away in the middle: as long as its transaction is open, nobody
 * else becomes leader; once he is, the old token writes nothing. */
static void test_next_leader_waits_for_an_open_transaction(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg *second = connected_to(rig->database);
    struct wv_ledger *ledger = rig->ledger;
    struct wv_pg_wait wait = soon();
    int64_t token;
    run(second, "SET lock_timeout = '100ms'");
    run(rig->pg, "BEGIN; SELECT woven.check_token('woven', 1)");
    assert_error(wv_ledger_prepare(ledger, second, &token, &wait, &rig->err), &rig->err,
                 WV_LOCK_TIMEOUT);
    run(rig->pg, "COMMIT");
    assert_done(wv_ledger_prepare(ledger, second, &token, &wait, &rig->err), &rig->err);
    assert_int_equal(token, 2);
    fail_up(rig, NULL, "a", "SELECT 1", WV_NOT_LEADER);
    wv_pg_close(second);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_ledger_no_queue),
        cmocka_unit_test(test_tickets_are_served_in_order),
        cmocka_unit_test(test_wants_of_the_dead_and_the_silent_do_not_count),
        cmocka_unit_test(test_passing_names_the_next),
        cmocka_unit_test(test_instances_are_seen),
        cmocka_unit_test(test_upgrade_from_version_1),
        cmocka_unit_test(test_next_leader_waits_for_an_open_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
