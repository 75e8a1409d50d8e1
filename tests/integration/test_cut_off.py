"""A job whose connection broke is told by what the job itself has committed, not by how the
database looks when the daemon finds its way back."""

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


@pytest.fixture(name="hosts")
def _hosts(rig):
    """Two daemons; the way of the first one, which leads, goes over a link that can be taken away."""
    project = rig.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};", "DROP TABLE half;")
    database = rig.database()
    way = rig.folder / "way"
    way.symlink_to(rig.cluster.sockets)
    first = rig.leader(project, f"host={way} user=postgres dbname={database.name}")
    second = rig.daemon(project, database)
    second.wait_role("standby")
    return project, database, first, second, way


def cut_off(hosts, meanwhile):
    """The first daemon loses its session in the second revision; the other one leads meanwhile."""
    project, database, first, second, way = hosts
    with first.client() as client:
        request = client.request("migrate.upgrade", target="head", tag="mine")
        wait_until(lambda: (job := first.status()["job"])
                   and job.get("statement", {}).get("number") == 2, "the gate to be reached")
        way.unlink()
        database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
        second.wait_role("leader")
        open_gate(database)
        meanwhile(project, second)
        way.symlink_to(database.cluster.sockets)
        return client.answer(request)["result"]


def test_what_another_daemon_did_since_is_not_told_as_done(hosts):
    project, database, _, _, _ = hosts
    result = cut_off(hosts, lambda _, second: second.ctl("migrate", "upgrade", "head"))
    assert database.heads() == [project.ids[1]]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert [step["done"] for step in result["steps"]] == [True, False]


def test_what_another_daemon_took_back_since_is_told_as_done(hosts):
    _, database, _, _, _ = hosts
    result = cut_off(hosts, lambda _, second: second.ctl("migrate", "downgrade", "base"))
    assert database.heads() == [] and result["outcome"] == "failed"
    assert [step["done"] for step in result["steps"]] == [True, False]
    assert result["heads_after"] == []


def test_session_lost_while_the_leader_looks_who_else_asks(rig):
    """Between two jobs: the second one finds the database again and is carried out."""
    project = rig.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"{WAIT_AT_GATE};")
    project.add("CREATE TABLE last ();")
    database = rig.database()
    first, second = rig.leader(project, database), rig.daemon(project, database)
    second.wait_role("standby")
    leader = database.value("SELECT backend_pid FROM woven.leader")
    with first.client() as one, first.client() as two, second.client() as other:
        job = one.request("migrate.upgrade", target=project.ids[1])
        wait_until(lambda: (job := first.status()["job"])
                   and job.get("step", {}).get("index") == 1, "the gate to be reached")
        asked = other.request("migrate.upgrade", target="head")
        wait_until(lambda: database.value("SELECT count(*) FROM woven.want"), "the other to ask")
        later = two.request("migrate.upgrade", target="head", wait_ms=60000)
        two.wait_event("queued")
        with database.locked("woven.want"):
            open_gate(database)
            assert one.answer(job)["result"]["outcome"] == "done"
            wait_until(lambda: database.value("SELECT count(*) FROM pg_locks WHERE pid = %s "
                                              "AND NOT granted", leader), "the leader to look")
            database.run("SELECT pg_terminate_backend(%s)", leader)
            wait_until(lambda: not database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = %s", leader), "it to be gone")
        ends = {two.answer(later)["result"]["outcome"], other.answer(asked)["result"]["outcome"]}
    assert ends == {"done", "nothing-to-do"} and database.heads() == [project.ids[2]]
