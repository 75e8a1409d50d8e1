"""migrate wait: told by the daemon, at no cost for the database; and what the daemons know of each
other."""

import json
import re
import signal

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


@pytest.fixture(name="pair")
def _pair(rig):
    project, database, first = rig.simple(3)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    return project, database, first, second


def slow_looks(daemon):
    return len(re.findall(r"no news for \d+ who wait", daemon.log_text()))


def sessions(database):
    return database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                          "AND application_name LIKE 'wovend%'")


def test_what_is_there_is_answered_at_once(pair):
    project, _, first, second = pair
    first.ctl("migrate", "upgrade", project.ids[1])
    result = second.ctl("migrate", "wait", project.ids[0], project.ids[1][:8]).json
    assert result["current"] == [project.ids[1]] and result["waited_ms"] < 5000
    assert "The database has" in second.text("migrate", "wait", project.ids[0]).out
    assert second.ctl("migrate", "wait", "base").json["target"] == ["base"]


@pytest.mark.parametrize("where", ["here", "on another host"])
def test_answered_by_the_job_that_brings_it(pair, where):
    project, _, first, second = pair
    daemon = first if where == "here" else second
    with daemon.client() as client:
        waiting = [client.request("migrate.wait", target=target)
                   for target in (project.ids[0], "head", [project.ids[0], project.ids[1]])]
        event = client.wait_event("waiting")
        assert event["missing"] == [project.ids[0]] and event["leader"]["pid"] == first.process.pid
        assert event["job"] is None and project.ids[0] in event["text"]
        first.ctl("migrate", "upgrade", project.ids[1])
        assert client.answer(waiting[0])["result"]["target"] == [project.ids[0]]
        assert client.answer(waiting[2])["result"]["current"] == [project.ids[1]]
        first.ctl("migrate", "upgrade", "head")
        assert client.answer(waiting[1])["result"]["current"] == [project.ids[2]]


@pytest.mark.parametrize("where", ["here", "on another host"])
def test_woken_and_not_found_by_chance(pair, where):
    """The slow look that nobody asks for is logged: one answer without such a look shows that
    something else woke the daemon, however often a busy machine lets a look come first."""
    project, _, first, second = pair
    daemon = first if where == "here" else second

    def woken():
        looks = slow_looks(daemon)
        with daemon.client() as client:
            waiting = client.request("migrate.wait", target=project.ids[0])
            client.wait_event("waiting")
            first.ctl("migrate", "upgrade", project.ids[0])
            assert client.answer(waiting)["result"]["current"] == [project.ids[0]]
        first.ctl("migrate", "downgrade", "base")
        return slow_looks(daemon) == looks
    assert any(woken() for _ in range(10))


def test_timeout_and_who_migrates_meanwhile(rig):
    """A second host sees which step runs, and for how long."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    database = rig.database()
    first = rig.leader(project, database)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with first.client() as client, second.client() as waiter:
        request = client.request("migrate.upgrade", target="head")
        running = wait_until(lambda: second.status()["running"], "the other host to see the job")
        assert running["kind"] == "upgrade" and running["elapsed_ms"] >= 0
        step = wait_until(lambda: (second.status()["running"] or {}).get("step"), "and its step")
        assert step["index"] == 1 and step["of"] == 2 and step["revision"] == project.ids[1]
        waiting = waiter.request("migrate.wait", target="head")
        event = waiter.wait_event("waiting")
        assert event["running"]["step"]["revision"] == project.ids[1]
        assert f"step 2 of 2, up {project.ids[1]}" in event["text"]
        result = second.ctl("--timeout", "800ms", "migrate", "wait", expect=5).json
        assert result["error"]["code"] == "TIMED_OUT" and project.ids[1] in str(result["error"])
        text = second.text("migrate", "status").out
        assert "upgrade, step 2 of 2" in text
        # Whoever waits for the lead is told the same.
        job = waiter.request("migrate.upgrade", target="head", wait_ms=100)
        assert f"step 2 of 2, up {project.ids[1]}" in \
            waiter.answer(job)["result"]["error"]["message"]
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
        assert waiter.answer(waiting)["result"]["current"] == [project.ids[1]]
    wait_until(lambda: second.status()["running"] is None, "the job to be over for the others")


def test_what_is_wrong_is_said_at_once(pair):
    project, _, first, second = pair
    assert second.ctl("migrate", "wait", "feedfeed", expect=1).error["code"] == "REVISION_NOT_FOUND"
    for target in ("+1", "-1", "current"):
        assert second.refused("migrate.wait", target=target)["code"] == "BAD_TARGET", target
    broken = project.versions / "broken.sql"
    broken.write_text("-- revision: broken\n-- down_revision: nowhere\n\n-- woven:up\n")
    wait_until(lambda: second.call("daemon.status")["files"]["problems"], "the file to be seen")
    assert second.ctl("migrate", "wait", expect=1).error["code"] == "LOAD_ERROR"
    broken.unlink()


def test_database_ahead_has_it(rig, pair):
    """A host with older files: what only the ledger knows counts, by id too."""
    project, database, first, _ = pair
    first.ctl("migrate", "upgrade", "head")
    older = rig.project()
    older.add_tables(1)
    third = rig.daemon(older, database)
    third.wait_role("standby")
    assert third.ctl("migrate", "wait").json["current"] == [project.ids[2]]
    assert third.ctl("migrate", "wait", project.ids[2]).json["target"] == [project.ids[2]]
    assert third.status()["state"] == "ahead"


def test_files_that_come_while_waiting(pair):
    """`head` is what the files of this host say when it is looked at."""
    project, _, first, second = pair
    first.ctl("migrate", "upgrade", "head")
    fresh = project.add("CREATE TABLE late (id integer);")
    wait_until(lambda: second.status()["state"] == "behind", "the file to be seen")
    with second.client() as client:
        waiting = client.request("migrate.wait")
        assert client.wait_event("waiting")["missing"] == [fresh]
        first.ctl("migrate", "upgrade", "head")
        assert client.answer(waiting)["result"]["current"] == [fresh]


def test_a_wait_outlives_files_that_are_half_copied(pair):
    """The second of two new files comes first, and the first one a while later."""
    project, _, first, second = pair
    new = [project.add(f"CREATE TABLE late{number} (id integer);") for number in range(2)]
    path = project.file_of(new[0])
    text = path.read_text()
    path.unlink()
    second.ctl("migrate", "wait", expect=1)
    path.write_text(text)
    with second.client() as client:
        waiting = client.request("migrate.wait")
        assert client.wait_event("waiting")["fault"] is None
        path.unlink()
        while (told := client.wait_event("waiting"))["fault"] is None:
            client.events.clear()
        assert told["fault"]["code"] == "LOAD_ERROR" and told["fault"]["message"] in told["text"]
        assert told["missing"] == [new[1]]
        assert second.ctl("migrate", "wait", expect=1).error["code"] == "LOAD_ERROR"
        path.write_text(text)
        wait_until(lambda: not first.call("daemon.status")["files"]["problems"], "the files to be whole")
        first.ctl("migrate", "upgrade", "head")
        assert client.answer(waiting)["result"]["current"] == [new[1]]


def test_place_in_the_queue(rig):
    """Who waits is told how many hosts ask for the lead, and how many of them before this one."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    project.add_tables(1)
    database = rig.database()
    first = rig.leader(project, database)
    second, third = (rig.daemon(project, database) for _ in range(2))
    with first.client() as client, second.client() as earlier, third.client() as later:
        client.request("migrate.upgrade", target=project.ids[1])
        client.wait_event("statement")
        for number, (daemon, asker) in enumerate(((second, earlier), (third, later))):
            daemon.wait_role("standby")
            asker.request("migrate.upgrade", target="head")
            assert asker.wait_event("waiting")["before"] == number
        job = later.request("migrate.upgrade", target="head")
        later.wait_event("queued")
        for daemon, queue, text in (
                (first, {"hosts": 2, "before": None, "jobs": 0}, "; 2 hosts ask for the lead"),
                (second, {"hosts": 2, "before": 0, "jobs": 0}, "; 2 hosts ask for the lead, 0 before this one"),
                (third, {"hosts": 2, "before": 1, "jobs": 1},
                 "; 2 hosts ask for the lead, 1 before this one; 1 job waits here")):
            with daemon.client() as waiter:
                waiter.request("migrate.wait")
                told = waiter.wait_event("waiting")
                assert told["queue"] == queue and text in told["text"]
            late = daemon.text("--timeout", "300ms", "migrate", "wait", expect=5).err
            assert late.count(text) == 2, late
        open_gate(database)
        assert later.answer(job)["result"]["outcome"] == "nothing-to-do"
        with third.client() as waiter:
            assert waiter.call("migrate.wait")["current"] == [project.ids[2]]


def test_hundreds_wait_for_two_connections(pair):
    project, database, first, second = pair
    before = sessions(database)
    assert before == 4
    clients = [second.client() for _ in range(300)]
    try:
        waiting = [client.request("migrate.wait", target="head") for client in clients]
        for client in clients:
            client.wait_event("waiting")
        assert sessions(database) == before
        # Some go away; nobody else is disturbed.
        for client in clients[:50]:
            client.close()
        first.ctl("migrate", "upgrade", "head")
        for client, request in list(zip(clients, waiting))[50:]:
            assert client.answer(request)["result"]["current"] == [project.ids[2]]
        assert sessions(database) == before
    finally:
        for client in clients:
            client.close()


def test_outage_and_stop(rig, cluster, pair):
    """A database that goes away is waited for; a daemon that stops says so; Ctrl-C leaves."""
    project, database, first, second = pair
    with second.client() as client:
        waiting = client.request("migrate.wait", target="head")
        client.wait_event("waiting")
        process = second.ctl_process("migrate", "wait")
        wait_until(lambda: second.call("daemon.status")["clients"] >= 3, "the second client")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 7, out + err
        cluster.restart()
        first.wait_role("leader", "standby")
        second.wait_role("leader", "standby")
        first.ctl("--timeout", "20s", "migrate", "upgrade", "head")
        assert client.answer(waiting)["result"]["current"] == [project.ids[2]]
        waiting = client.request("migrate.wait", target=project.ids[2])
        assert client.answer(waiting)["result"]
    fourth = project.add("CREATE TABLE t4 (id integer);")
    wait_until(lambda: second.status()["state"] == "behind", "the file to be seen")
    with second.client() as client:
        waiting = client.request("migrate.wait", target=fourth)
        client.wait_event("waiting")
        second.stop()
        assert client.answer(waiting)["error"]["data"]["code"] == "SHUTTING_DOWN"


def client_of(daemon, *options):
    """A `migrate wait` that the daemon knows of."""
    process = daemon.ctl_process(*options, "migrate", "wait")
    # The question is a client too.
    wait_until(lambda: daemon.call("daemon.status")["clients"] == 2, "the client to wait")
    return process


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_wait_outlives_its_daemon(pair, how):
    """As when wovend is restarted under applications that wait to start."""
    project, _, first, second = pair
    quiet = client_of(second)
    shown = second.ctl_process("migrate", "wait", json_output=False)
    wait_until(lambda: second.call("daemon.status")["clients"] == 3, "the second client to wait")
    getattr(second, how)()
    first.ctl("migrate", "upgrade", project.ids[1])
    second.start()
    wait_until(lambda: second.call("daemon.status")["clients"] == 3, "both to be back")
    assert quiet.poll() is None and shown.poll() is None
    first.ctl("migrate", "upgrade", "head")
    out, err = quiet.communicate(timeout=60)
    assert quiet.returncode == 0 and json.loads(out)["current"] == [project.ids[2]] and err == ""
    out, err = shown.communicate(timeout=60)
    assert shown.returncode == 0 and "The database has" in out
    assert err.count("wovend went away; waiting for it to come back\n") == 1


def test_wait_for_a_daemon_that_stays_away(pair):
    """Bounded by --timeout and by Ctrl-C, and begun only where there is one."""
    second = pair[3]
    bounded = client_of(second, "--timeout", "3s")
    endless = second.ctl_process("migrate", "wait")
    wait_until(lambda: second.call("daemon.status")["clients"] == 3, "the second client to wait")
    second.stop()
    out, err = bounded.communicate(timeout=60)
    assert bounded.returncode == 5 and "wovend went away" in json.loads(out)["error"]["message"], err
    assert endless.poll() is None
    endless.send_signal(signal.SIGINT)
    out, err = endless.communicate(timeout=60)
    assert endless.returncode == 7 and json.loads(out)["error"]["code"] == "CANCELLED", err
    assert second.ctl("migrate", "wait", expect=4).error["code"] == "NO_DAEMON"


def test_daemons_know_of_each_other(rig, pair):
    project, database, first, second = pair
    older = rig.project()
    older.add_tables(1)
    third = rig.daemon(older, database)

    def known():
        found = {i["pid"]: i for i in second.status()["instances"]}
        return found if len(found) == 3 and {i["role"] for i in found.values()} == \
            {"leader", "standby"} else None

    found = wait_until(known, "three daemons to be known")
    assert found[first.process.pid]["role"] == "leader"
    assert found[first.process.pid]["heads"] == [project.ids[2]]
    assert found[third.process.pid]["heads"] == [older.ids[0]]
    assert found[second.process.pid]["self"] and not found[third.process.pid]["self"]
    assert all(i["host"] and i["version"] and i["seen_ms"] < 60000 for i in found.values())
    assert str(third.process.pid) in second.text("migrate", "status").out
    third.stop()
    wait_until(lambda: len(second.status()["instances"]) == 2, "the third to be gone")
    first.kill()
    second.wait_role("leader")
    database.run("UPDATE woven.instance SET seen_at = seen_at - interval '2 minutes' WHERE pid = %s",
                 first.process.pid)
    assert [i["pid"] for i in second.status()["instances"]] == [second.process.pid]
    assert wait_until(lambda: [i["role"] for i in second.status()["instances"]] == ["leader"],
                      "the new leader to be shown")
