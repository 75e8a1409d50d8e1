"""kill -9 of the daemon in the middle of a revision: all or nothing of it, never half."""

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def test_killed_inside_a_revision(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};\nCREATE TABLE other_half ();")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        client.request("migrate.upgrade", target="head")
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%WHILE NOT EXISTS%%' "
            "AND pid <> pg_backend_pid() AND state = 'active'"), "the statement to run")
        daemon.kill()
    # The server looks after its client while a statement runs, and gives the lock back.
    wait_until(lambda: not database.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "the lock to be free")
    assert database.tables() == ["gate"] and database.heads() == [project.ids[0]]
    daemon.start()
    daemon.wait_role("leader")
    open_gate(database)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.tables() == ["gate", "half", "other_half"]


@pytest.mark.parametrize("round_", range(6))
def test_killed_anywhere_in_many_revisions(rig, round_):
    """Each revision makes two tables and a row; whatever was reached, they agree."""
    project = rig.project()
    for n in range(1, 61):
        project.add(f"CREATE TABLE a{n} ();\nCREATE TABLE b{n} ();", f"DROP TABLE a{n}, b{n};")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        client.request("migrate.upgrade", target="head")
        seen = 0
        while seen < 2 + round_ * 9:
            seen += client.receive()["params"]["event"] == "step_done"
        daemon.kill()
    wait_until(lambda: not database.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "the lock to be free")
    tables = database.tables()
    reached = database.value("SELECT count(*) FROM woven.revision")
    assert sorted(tables) == sorted(f"{kind}{n}" for n in range(1, reached + 1) for kind in "ab")
    assert database.heads() == ([project.ids[reached - 1]] if reached else [])
    assert database.value("SELECT count(*) FROM woven.history WHERE outcome = 'done'") == reached
    daemon.start()
    daemon.wait_role("leader")
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert len(result["steps"]) == 60 - reached
    assert len(database.tables()) == 120 and database.heads() == [project.ids[-1]]


def test_starts_over_a_stale_socket(rig):
    _, _, daemon = rig.simple(1)
    daemon.kill()
    assert daemon.socket.exists()
    daemon.start()
    assert daemon.wait_role("leader")["state"] == "empty"
