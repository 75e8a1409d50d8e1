"""The lead goes to where the job is: by request, in the order of asking, whatever dies meanwhile."""

import itertools
import shutil
import signal
import threading

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def running(daemon):
    return lambda: (job := daemon.status()["job"]) and "statement" in job


def tickets(database):
    return database.value("SELECT count(*) FROM woven.want")


def no_tickets(database):
    """They are given back right after the answer."""
    wait_until(lambda: tickets(database) == 0, "all tickets to be given back")


def history(database):
    """(revision, kind, outcome) of each step, in order."""
    return database.run("SELECT revision, kind, outcome FROM woven.history ORDER BY id")


def once_each(database, revisions):
    """Every revision went up once and nothing else happened."""
    assert history(database) == [(revision, "up", "done") for revision in revisions]


def copy_of(rig, project, count):
    """The project as an older release has it: its first `count` revisions."""
    older = rig.project(**project.settings)
    for revision in project.ids[:count]:
        shutil.copy(project.file_of(revision), older.versions)
    older.ids = project.ids[:count]
    return older


@pytest.fixture(name="gated")
def _gated(rig):
    """A leader in the middle of a long job; its files, its database, the job's connection."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    project.add_tables(1)
    database = rig.database()
    first = rig.leader(project, database)
    first.ctl("migrate", "upgrade", project.ids[0])
    client = first.client()
    rig.defer(client.close)
    request = client.request("migrate.upgrade", target=project.ids[1])
    wait_until(running(first), "the job to run")
    return project, database, first, (client, request)


def test_new_files_on_a_standby_only(rig):
    """The host with the new release gets the lead, runs its files, keeps the lead."""
    project = rig.project()
    project.add_tables(3)
    older = copy_of(rig, project, 2)
    database = rig.database()
    first = rig.leader(older, database)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    first.ctl("migrate", "upgrade", "head")
    token = database.value("SELECT token FROM woven.leader")
    result = second.ctl("migrate", "upgrade", "head").json
    assert result["outcome"] == "done" and [s["revision"] for s in result["steps"]] == project.ids[2:]
    assert database.value("SELECT token FROM woven.leader") == token + 1
    assert second.status()["role"] == "leader"
    status = first.wait_role("standby")
    assert status["state"] == "ahead" and status["ahead"] == project.ids[2:]
    assert status["leader"]["pid"] == second.process.pid
    # Nothing to do on the older host: it answers, and the lead stays where it is.
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    assert database.value("SELECT token FROM woven.leader") == token + 1
    once_each(database, project.ids)
    no_tickets(database)


@pytest.mark.parametrize("order", list(itertools.permutations(["old", "new", "newest"])),
                         ids="-".join)
def test_rolling_deployment(rig, order):
    """Releases N, N+1 and N+2 restart in any order, each asks for its head at once."""
    project = rig.project()
    project.add_tables(6)
    projects = {"old": copy_of(rig, project, 2), "new": copy_of(rig, project, 4), "newest": project}
    database = rig.database()
    daemons = [rig.daemon(projects[name], database) for name in order]
    starts = [daemon.ctl_process("migrate", "upgrade", "head") for daemon in daemons]
    for process in starts:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, out + err
    once_each(database, project.ids)
    assert database.heads() == [project.ids[-1]]
    # One after the other again, in the other direction: restarts during a roll-back.
    for daemon in reversed(daemons):
        daemon.stop()
        daemon.start()
        assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    once_each(database, project.ids)


def test_busy_leader_is_waited_for_and_named(rig, gated):
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with second.client() as waiting:
        job = waiting.request("migrate.upgrade", target="head")
        event = waiting.wait_event("waiting")
        assert event["leader"]["pid"] == first.process.pid and event["leader"]["host"]
        assert event["before"] == 0 and str(first.process.pid) in event["text"]
        assert second.status()["job"]["state"] == "locking"
        assert second.status()["job"]["waiting"] == event["text"]
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
        assert waiting.answer(job)["result"]["outcome"] == "done"
    once_each(database, project.ids)
    assert second.status()["role"] == "leader"


def test_what_the_leader_does_may_be_all_that_was_wanted(rig, gated):
    """The asker looks again after each job of another host, and needs no lead any more."""
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with second.client() as waiting:
        job = waiting.request("migrate.upgrade", target=project.ids[1])
        waiting.wait_event("waiting")
        last = client.request("migrate.upgrade", target=project.ids[1])
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
        assert client.answer(last)["result"]["outcome"] == "nothing-to-do"
        assert waiting.answer(job)["result"]["outcome"] == "nothing-to-do"
    no_tickets(database)


def test_waiting_is_bounded_and_can_be_cancelled(rig, gated):
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    result = second.ctl("--timeout", "700ms", "migrate", "upgrade", "head", expect=5).json
    assert result["error"]["code"] == "TIMED_OUT" and str(first.process.pid) in str(result["error"])
    no_tickets(database)
    with second.client() as waiting:
        job = waiting.request("migrate.upgrade", target="head")
        waiting.wait_event("waiting")
        assert second.call("migrate.cancel")["outcome"] == "cancelled"
        assert waiting.answer(job)["result"]["outcome"] == "cancelled"
    no_tickets(database)
    assert second.ctl("migrate", "upgrade", "head", "--no-hand-over",
                      expect=6).error["code"] == "NOT_LEADER"
    open_gate(database)
    assert client.answer(request)["result"]["outcome"] == "done"
    assert first.status()["role"] == "leader"


def test_stopping_does_not_wait_for_the_lead(rig, gated):
    project, database, _, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with second.client() as waiting:
        job = waiting.request("migrate.upgrade", target="head")
        waiting.wait_event("waiting")
        second.stop()
        assert waiting.answer(job)["result"]["error"]["code"] == "SHUTTING_DOWN"
    open_gate(database)
    assert client.answer(request)["result"]["outcome"] == "done"


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_leader_dies_while_it_is_asked(rig, gated, how):
    """The step of the dead is undone, the asker runs it with its own files."""
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with second.client() as waiting:
        job = waiting.request("migrate.upgrade", target="head")
        waiting.wait_event("waiting")
        if how == "stop":
            open_gate(database)
        getattr(first, how)()
        open_gate(database)
        assert waiting.answer(job)["result"]["outcome"] == "done"
    once_each(database, project.ids)


def test_dead_and_hanging_askers_are_passed_over(rig, gated):
    project, database, first, (client, request) = gated
    dead, hanging, last = (rig.daemon(project, database) for _ in range(3))
    clients = []
    for number, daemon in enumerate((dead, hanging, last)):
        daemon.wait_role("standby")
        clients.append(daemon.client())
        rig.defer(clients[-1].close)
        clients[-1].id = clients[-1].request("migrate.upgrade", target="head")
        assert clients[-1].wait_event("waiting")["before"] == number
    dead.kill()
    hanging.signal(signal.SIGSTOP)
    try:
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
        assert clients[2].answer(clients[2].id)["result"]["outcome"] == "done"
        assert last.status()["role"] == "leader"
    finally:
        hanging.signal(signal.SIGCONT)
    assert clients[1].answer(clients[1].id)["result"]["outcome"] == "nothing-to-do"
    once_each(database, project.ids)
    wait_until(lambda: first.status()["role"] == hanging.status()["role"] == "standby",
               "the others to be standbys")


def test_many_askers_are_served_in_order(rig):
    """Each host has one revision of its own on top of the one before it, and asks at once; a daemon
    that already leads and has more to run is no exception."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    project.add_tables(8)
    database = rig.database()
    first = rig.leader(project, database)
    first.ctl("migrate", "upgrade", project.ids[0])
    others = [rig.daemon(project, database) for _ in range(7)]
    for daemon in others:
        daemon.wait_role("standby")
    with first.client() as client:
        request = client.request("migrate.upgrade", target=project.ids[1])
        wait_until(running(first), "the job to run")
        waiting = []
        for number, daemon in enumerate(others):
            socket = daemon.client()
            rig.defer(socket.close)
            job = socket.request("migrate.upgrade", target=project.ids[2 + number],
                                 tag=f"asker {number}")
            assert socket.wait_event("waiting")["before"] == number
            waiting.append((socket, job))
        late = client.request("migrate.upgrade", target="head", tag="late")
        client.wait_event("queued")
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
        for socket, job in waiting:
            assert socket.answer(job)["result"]["outcome"] == "done"
        assert client.answer(late)["result"]["outcome"] == "done"
    once_each(database, project.ids)
    tags = [row[0] for row in database.run("SELECT tag FROM woven.history WHERE tag IS NOT NULL "
                                           "ORDER BY id")]
    assert tags == [f"asker {number}" for number in range(7)] + ["late"]
    no_tickets(database)


def test_leader_with_work_of_its_own_starves_nobody(rig):
    """The leader's host always has eight jobs waiting; a request of another host comes before those
    that were asked for after it."""
    in_flight = 8
    project, database, first = rig.simple(200)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    stop = threading.Event()
    failures = []

    def keep_busy():
        with first.client() as client:
            requests = [client.request("migrate.upgrade", target="+1") for _ in range(in_flight)]
            while requests:
                answer = client.answer(requests.pop(0))
                if answer.get("result", {}).get("outcome") != "done":
                    failures.append(answer)
                elif not stop.is_set():
                    requests.append(client.request("migrate.upgrade", target="+1"))

    thread = threading.Thread(target=keep_busy)
    thread.start()
    try:
        for number in range(5):
            before = database.value("SELECT count(*) FROM woven.history")
            with second.client() as client:
                job = client.request("migrate.upgrade", target="+1", tag=f"guest {number}")
                assert client.answer(job)["result"]["outcome"] == "done"
            place = database.value("SELECT count(*) FROM woven.history WHERE id <= (SELECT id FROM "
                                   "woven.history WHERE tag = %s)", f"guest {number}")
            # Those waiting, the running one, and what ran between the count and the request.
            assert place - before <= in_flight + 3
    finally:
        stop.set()
        thread.join()
    assert not failures, failures[0]
    done = [row[0] for row in history(database)]
    assert done == project.ids[:len(done)] and len(done) > 5 * in_flight


def test_step_down(rig):
    """The lead goes to another host at once, and does not come back by itself for a while."""
    project, database, first = rig.simple(2)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    assert second.ctl("daemon", "step-down", expect=3).json["stepped_down"] is False
    result = first.ctl("daemon", "step-down").json
    assert result["stepped_down"] is True and 10000 <= result["rest_ms"] <= 20000
    assert first.status()["role"] == "standby"
    # The other one was told to step aside just before, so for a moment nobody leads; the first
    # request is what decides.
    assert first.ctl("migrate", "upgrade", project.ids[0]).json["outcome"] == "done"
    assert first.status()["role"] == "leader"
    third = rig.daemon(project, database)
    third.wait_role("standby")
    assert "Stepped down" in first.text("daemon", "step-down").out
    third.wait_role("leader")
    assert third.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    once_each(database, project.ids)


def test_step_down_waits_for_the_job(rig, gated):
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    with first.client() as admin:
        asked = admin.request("daemon.step_down")
        queued = client.request("migrate.upgrade", target="head")
        client.wait_event("queued")
        # Where the lead is somewhere else, there is nothing to wait for.
        with second.client() as waiting:
            job = waiting.request("migrate.upgrade", target="head")
            waiting.wait_event("waiting")
            assert second.call("daemon.step_down")["stepped_down"] is False
            assert first.status()["role"] == "leader"
            open_gate(database)
            assert client.answer(request)["result"]["outcome"] == "done"
            assert admin.answer(asked)["result"]["stepped_down"] is True
            assert waiting.answer(job)["result"]["outcome"] == "done"
        assert client.answer(queued)["result"]["outcome"] == "nothing-to-do"
    # The queued job may have asked for the lead before it saw that nothing is left to do.
    wait_until(lambda: {first.status()["role"], second.status()["role"]} == {"leader", "standby"},
               "one of the two to lead")
    once_each(database, project.ids)


def test_paused_leader_writes_nothing(rig, gated):
    """Stopped in the middle of a job until another one has taken over: what it goes on with is
    refused, and it says so."""
    project, database, first, (client, request) = gated
    second = rig.daemon(project, database)
    second.wait_role("standby")
    backend = database.value("SELECT backend_pid FROM woven.leader")
    first.signal(signal.SIGSTOP)
    try:
        # What the server does by itself once the network no longer answers for that host.
        assert database.value("SELECT pg_terminate_backend(%s)", backend)
        second.wait_role("leader")
        open_gate(database)
        assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
        before = history(database)
        token = database.value("SELECT token FROM woven.leader")
    finally:
        first.signal(signal.SIGCONT)
    result = client.answer(request)["result"]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert first.wait_role("standby")["leader"]["pid"] == second.process.pid
    assert history(database) == before
    assert database.value("SELECT token FROM woven.leader") == token
    once_each(database, project.ids)


def test_hanging_leader_is_put_out(rig):
    """A stopped process keeps its session, and with it the lock, for ever. Nothing was seen of it
    for a minute (the test winds the clock forward), and its session does nothing for 20 s."""
    project, database, first = rig.simple(2)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    wait_until(lambda: database.value("SELECT count(*) FROM woven.instance WHERE role = 'leader'"),
               "the leader to be seen")
    silent = "UPDATE woven.instance SET seen_at = now() - interval '2 minutes' WHERE pid = %s"
    # Unseen alone is no reason: its session is at work every few seconds.
    database.run(silent, first.process.pid)
    assert second.ctl("--timeout", "9s", "migrate", "wait", expect=5)
    assert first.status()["role"] == "leader"
    first.signal(signal.SIGSTOP)
    try:
        database.run(silent, first.process.pid)
        with second.logs("hangs: not seen for"):
            result = second.ctl("migrate", "upgrade", project.ids[0]).json
            assert result["outcome"] == "done"
    finally:
        first.signal(signal.SIGCONT)
    assert first.wait_role("standby")["leader"]["pid"] == second.process.pid
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    once_each(database, project.ids)


def test_sessions_that_hang_otherwise_are_put_out(rig):
    """One leader stands still while the server waits for it to read, and was never shown to the others;
    another daemon stands still between taking the lock and leading. Both at once: each takes 20 s."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + "; SELECT repeat('x', 100000) FROM generate_series(1, 1000);")
    database = rig.database()
    first = rig.leader(project, database)
    first.ctl("migrate", "upgrade", project.ids[0])
    second = rig.daemon(project, database)
    second.wait_role("standby")
    other = rig.database()
    third = rig.daemon(project, other, start=False)
    hung = other.take_lock(application="wovend/woven (work)")
    rig.defer(hung.close)
    with first.client() as client:
        third.start()
        client.request("migrate.upgrade", target="head")
        wait_until(running(first), "the job to run")
        first.signal(signal.SIGSTOP)
        rig.defer(lambda: first.signal(signal.SIGCONT))
        open_gate(database)
        wait_until(lambda: database.value("SELECT a.wait_event FROM pg_stat_activity a JOIN woven.leader l "
                                          "ON l.backend_pid = a.pid") == "ClientWrite",
                   "the server to wait for the leader")
        with second.logs("hangs: not seen for"):
            database.run("DELETE FROM woven.instance WHERE pid = %s", first.process.pid)
            database.run("UPDATE woven.leader SET since = now() - interval '2 minutes'")
            assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
        assert third.wait_role("leader") and "a daemon hangs that has the lock" in third.log_text()
        first.signal(signal.SIGCONT)
        assert first.wait_role("standby")["leader"]["pid"] == second.process.pid
    once_each(database, project.ids)


def test_lock_given_away_inside_a_step(rig):
    """A step that throws the project's lock away cannot let a second leader in before it has ended:
    the token's row is locked as long as its transaction is open."""
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add("SELECT pg_advisory_unlock_all();" + WAIT_AT_GATE + "; CREATE TABLE made (x int);")
    database = rig.database()
    first = rig.leader(project, database)
    first.ctl("migrate", "upgrade", project.ids[0])
    second = rig.daemon(project, database)
    second.wait_role("standby")
    token = database.value("SELECT token FROM woven.leader")
    with first.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_locks WHERE locktype IN ('tuple', 'transactionid') "
            "AND NOT granted"), "the other daemon to stand before the token")
        assert database.value("SELECT token FROM woven.leader") == token
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
    wait_until(lambda: sorted((first.status()["role"], second.status()["role"]))
               == ["leader", "standby"], "one leader")
    once_each(database, project.ids)
