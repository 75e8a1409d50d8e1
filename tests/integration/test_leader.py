"""Two daemons, one database: one leads."""

import contextlib

import pytest

from rig.cluster import SUPERUSER
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


@pytest.fixture(name="pair")
def _pair(rig):
    project, database, first = rig.simple(2)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    return project, database, first, second


def test_standby_says_who_leads_and_refuses(pair):
    project, database, first, second = pair
    status = second.ctl("migrate", "status").json
    assert status["role"] == "standby" and status["state"] == "empty" and len(status["pending"]) == 2
    assert status["leader"]["pid"] == first.process.pid and status["leader"]["host"]
    assert status["leader"]["since"]
    assert first.status()["leader"]["pid"] == first.process.pid
    result = second.ctl("migrate", "upgrade", "head", "--no-hand-over", expect=6).json
    assert result["error"]["code"] == "NOT_LEADER"
    assert str(first.process.pid) in str(result["error"])
    assert database.heads() == []
    first.ctl("migrate", "upgrade", "head")
    # The standby tells what is in the database, whoever put it there.
    assert second.ctl("migrate", "status").json["state"] == "at-head"
    assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    assert project.ids[-1] in database.heads()


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_standby_takes_over(pair, how):
    project, database, first, second = pair
    token = database.value("SELECT token FROM woven.leader")
    getattr(first, how)()
    status = second.wait_role("leader")
    assert status["leader"]["pid"] == second.process.pid
    assert database.value("SELECT token FROM woven.leader") == token + 1
    assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == [project.ids[-1]]
    first.start()
    assert first.wait_role("standby")["leader"]["pid"] == second.process.pid


def test_a_dead_leader_is_not_told_where_somebody_else_has_the_lock(pair):
    """Its row in the ledger is still there, and the lock is held: by a person."""
    _, database, first, second = pair
    second.stop()
    first.kill()
    holder = wait_until(lambda: take_lock(database), "the lock to be free")
    second.start()
    status = second.wait_role("standby")
    assert status["leader"] is None and status["running"] is None
    assert status["lock_holder"]["pid"] == holder.info.backend_pid
    assert status["lock_holder"]["application"] == "psql" and status["lock_holder"]["user"] == SUPERUSER
    assert "the lock is held by session" in second.text("migrate", "status").out
    refused = second.ctl("migrate", "upgrade", "head", "--no-hand-over", expect=6).error
    assert refused["code"] == "NOT_LEADER" and 'application "psql"' in refused["message"]
    late = second.ctl("--timeout", "500ms", "migrate", "upgrade", "head", expect=5).error
    assert 'its lock is held by session' in late["message"]
    with second.client() as client:
        client.request("migrate.wait")
        told = client.wait_event("waiting")
        assert told["leader"] is None and told["lock_holder"] == status["lock_holder"]
    holder.close()
    assert second.wait_role("leader")["lock_holder"] is None


def take_lock(database):
    with contextlib.suppress(AssertionError):
        return database.take_lock()
    return None


def test_lost_session_is_a_lost_lead(pair):
    """The server ends the leader's session: one of the two leads again, and only one."""
    _, database, first, second = pair
    backend = database.value("SELECT backend_pid FROM woven.leader")
    database.run("SELECT pg_terminate_backend(%s)", backend)
    wait_until(lambda: sorted((first.status()["role"], second.status()["role"]))
               == ["leader", "standby"] and
               database.value("SELECT backend_pid FROM woven.leader") != backend, "a new leader")
    assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                          "AND granted") == 1


def test_other_project_has_its_own_leader(rig):
    project, database, _ = rig.simple(1)
    other = rig.daemon(project, database, settings={
        "project": "other", "version_table": "other_version", "ledger_schema": "other"})
    assert other.wait_role("leader")["project"] == "other"


def test_daemon_that_may_not_lead(rig):
    project = rig.project(leader="never")
    project.add_tables(1)
    daemon = rig.daemon(project, rig.database())
    daemon.wait_role("standby")
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert error["code"] == "NOT_LEADER"


def test_nobody_waits_for_the_lock_inside_postgresql(pair):
    _, database, _, _ = pair
    assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                          "AND NOT granted") == 0


def test_concurrent_index_beside_a_standby(rig):
    """A standby that held a snapshot would make this wait for ever."""
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY i ON t1 (id);", up_options="transaction=off")
    database = rig.database()
    first = rig.leader(project, database)
    rig.daemon(project, database).wait_role("standby")
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_idle_daemons_hold_no_transaction(pair):
    _, database, _, _ = pair
    rows = database.run("SELECT application_name, state FROM pg_stat_activity WHERE datname = "
                        "current_database() AND pid <> pg_backend_pid()")
    assert len(rows) == 4, rows
    assert all("woven" in name for name, _ in rows)
    wait_until(lambda: not database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND state = 'idle in transaction'"), "no session idle in transaction")


def test_sessions_notice_death_from_both_sides(rig):
    """Settings of our sessions that make the server look after its client."""
    project = rig.project()
    project.add("CREATE TABLE seen AS SELECT name, setting FROM pg_settings WHERE name IN "
                "('client_connection_check_interval', 'client_encoding', 'application_name');")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    seen = dict(database.run("SELECT * FROM seen"))
    assert int(seen["client_connection_check_interval"]) > 0
    assert seen["client_encoding"] == "UTF8" and "woven" in seen["application_name"]


def test_leader_that_is_busy_stays_leader(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    database = rig.database()
    first = rig.leader(project, database)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with first.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: (job := first.status()["job"]) and job.get("step", {}).get("index") == 1,
                   "the second step")
        assert second.status()["role"] == "standby"
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
