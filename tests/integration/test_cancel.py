"""Cancelling a job, Ctrl-C, and stopping a daemon that is at work."""

import contextlib
import json
import random
import signal
import subprocess

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


@pytest.fixture(name="gated")
def _gated(rig):
    """A job that waits inside its second revision, after a table of that revision."""
    project = rig.project(timeouts={"grace": "1min"})
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};\nCREATE TABLE rest ();",
                "DROP TABLE rest, half;")
    database = rig.database()
    return project, database, rig.leader(project, database)


def wait_at_gate(daemon):
    wait_until(lambda: (job := daemon.status()["job"])
               and job.get("statement", {}).get("number") == 2, "the gate to be reached")


def check_rolled_back(gated):
    project, database, daemon = gated
    assert database.tables() == ["gate"] and database.heads() == [project.ids[0]]
    assert daemon.status()["job"] is None
    assert database.run("SELECT revision, outcome FROM woven.history ORDER BY id") == [
        (project.ids[0], "done"), (project.ids[1], "cancelled")]


def test_cancel_from_another_client(gated):
    project, _, daemon = gated
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_at_gate(daemon)
        assert daemon.ctl("migrate", "cancel").json["outcome"] == "cancelled"
        result = client.answer(request)["result"]
        assert any(event["event"] == "cancelling" for event in client.events)
    assert result["outcome"] == "cancelled" and result["error"]["code"] == "CANCELLED"
    assert [step["done"] for step in result["steps"]] == [True, False]
    assert result["heads_after"] == [project.ids[0]]
    check_rolled_back(gated)


def test_cancel_when_nothing_runs(gated):
    result = gated[2].ctl("migrate", "cancel", expect=1)
    assert result.error["code"] == "NO_SUCH_JOB"
    assert gated[2].refused("migrate.cancel", job=99)["code"] == "NO_SUCH_JOB"


def test_cancel_of_a_waiting_job(gated):
    _, database, daemon = gated
    with daemon.client() as first, daemon.client() as second:
        one = first.request("migrate.upgrade", target="head")
        wait_at_gate(daemon)
        two = second.request("migrate.downgrade", target="base")
        job = second.wait_event("queued")["job"]
        assert daemon.call("migrate.cancel", job=job)["outcome"] == "cancelled"
        assert second.answer(two)["result"]["outcome"] == "cancelled"
        open_gate(database)
        assert first.answer(one)["result"]["outcome"] == "done"


def test_ctrl_c_cancels_and_says_what_was_rolled_back(gated):
    project, _, daemon = gated
    process = daemon.ctl_process("migrate", "upgrade", "head", json_output=False)
    wait_at_gate(daemon)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 7, out + err
    assert project.ids[1] in out + err and "rolled back" in out + err
    check_rolled_back(gated)


def test_second_ctrl_c_leaves_at_once(rig, gated):
    """The daemon does not answer any more: the first Ctrl-C can have no effect."""
    _, _, daemon = gated
    process = daemon.ctl_process("migrate", "upgrade", "head", json_output=False)
    wait_at_gate(daemon)
    daemon.signal(signal.SIGSTOP)
    rig.defer(lambda: daemon.signal(signal.SIGCONT))
    process.send_signal(signal.SIGINT)
    # Two signals that are pending at the same time are one: wait until the first was taken.
    wait_until(lambda: not pending_interrupt(process.pid), "the first Ctrl-C to be taken")
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode in (7, -signal.SIGINT, 130)


def pending_interrupt(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        pending = [int(line.split()[1], 16) for line in status
                   if line.startswith(("SigPnd", "ShdPnd"))]
    return any(mask & (1 << (signal.SIGINT - 1)) for mask in pending)


def test_timeout_of_the_client_ends_with_5(gated):
    _, database, daemon = gated
    result = daemon.ctl("--timeout", "500ms", "migrate", "upgrade", "head", expect=5)
    assert result.error["code"] == "TIMED_OUT"
    open_gate(database)
    wait_until(lambda: daemon.status()["job"] is None, "the job to end")


def test_sigterm_lets_the_running_job_end(gated):
    project, database, daemon = gated
    with daemon.client() as client, daemon.client() as other:
        request = client.request("migrate.upgrade", target="head")
        wait_at_gate(daemon)
        assert other.call("daemon.ping")
        with daemon.logs("(?i)stop|shut"):
            daemon.signal(signal.SIGTERM)
        assert other.refused("migrate.upgrade", target="head")["code"] == "SHUTTING_DOWN"
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"
    assert daemon.wait() == 0
    assert database.heads() == [project.ids[-1]]
    assert not daemon.socket.exists()


def test_sigterm_cancels_after_the_grace(rig):
    project = rig.project(timeouts={"grace": "300ms"})
    project.add(GATE_TABLE + ";")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_at_gate(daemon)
        daemon.signal(signal.SIGTERM)
        result = client.answer(request)["result"]
    assert result["outcome"] == "cancelled"
    assert daemon.wait() == 0
    assert database.tables() == ["gate"] and database.heads() == [project.ids[0]]


def test_second_sigterm_does_not_wait(gated):
    project, database, daemon = gated
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_at_gate(daemon)
        with daemon.logs("(?i)stop|shut"):
            daemon.signal(signal.SIGTERM)
        daemon.signal(signal.SIGINT)
        assert client.answer(request)["result"]["outcome"] == "cancelled"
    assert daemon.wait() == 0
    assert database.heads() == [project.ids[0]]


def test_signals_until_the_very_end_do_not_change_it(gated):
    _, _, daemon = gated
    while daemon.running:
        daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0 and not daemon.socket.exists()


def test_stop_gives_the_lock_back_at_once(gated):
    _, database, daemon = gated
    daemon.stop()
    assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


def test_cancel_at_any_moment_tells_the_truth(rig):
    """Whatever the cancel meets: what is said to be done is there, and nothing else."""
    project = rig.project()
    for number in range(1, 31):
        project.add(f"CREATE TABLE t{number} (id integer);\nINSERT INTO t{number} VALUES (1);\n"
                    "SELECT pg_sleep(0.002);", f"DROP TABLE t{number};")
    database = rig.database()
    daemon = rig.leader(project, database)
    chance = random.Random(5)
    outcomes = set()
    for _ in range(25):
        upgrade = daemon.ctl_process("migrate", "upgrade", "head")
        wait_until(lambda: upgrade.poll() is not None or daemon.call("daemon.status")["job"], "job")
        with contextlib.suppress(subprocess.TimeoutExpired):
            upgrade.wait(chance.random() * 0.2)
        daemon.ctl("migrate", "cancel", expect=None)
        result = json.loads(upgrade.communicate(timeout=60)[0])
        outcomes.add(result["outcome"])
        heads = database.heads()
        applied = project.ids.index(heads[0]) + 1 if heads else 0
        assert len(database.tables()) == applied and result["heads_after"] == heads
        assert [step["done"] for step in result["steps"]] == [True] * applied + [False] * (30 - applied)
        assert (result["outcome"] == "done") == (applied == 30)
        if result["outcome"] == "cancelled":
            last = database.run("SELECT revision, outcome FROM woven.history ORDER BY id DESC LIMIT 1")
            assert last == [(project.ids[applied], "cancelled")]
        daemon.ctl("migrate", "downgrade", "base")
    assert "cancelled" in outcomes
