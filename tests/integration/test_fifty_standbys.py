"""Fifty hosts: all want the lead of a busy leader, none of them waits inside PostgreSQL, and each is
served in its turn."""

import pytest

from rig.cluster import Cluster
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until

STANDBYS = 50


@pytest.fixture(scope="module", name="cluster")
def _cluster():
    """Room for two connections of each daemon."""
    cluster = Cluster(max_connections=str(2 * STANDBYS + 60))
    try:
        yield cluster.start()
    finally:
        cluster.remove()


def launch_standbys(rig, project, database):
    daemons = [rig.daemon(project, database, start=False).launch() for _ in range(STANDBYS)]
    for daemon in daemons:
        wait_until(daemon.answers, f"{daemon.name} to answer")
        daemon.wait_role("standby")
    return daemons


def nobody_waits_inside(database):
    """Of our sessions none waits for a lock, and none but the leader's holds a snapshot that an index
    build would have to wait for."""
    waiting, snapshots = database.run(
        "SELECT count(*) FILTER (WHERE wait_event_type = 'Lock' AND query NOT LIKE 'CREATE INDEX%%'),"
        " count(*) FILTER (WHERE state LIKE 'idle in transaction%%')"
        " FROM pg_stat_activity WHERE application_name LIKE 'wovend/%%'")[0]
    wanting = database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                             "AND NOT granted")
    return waiting == snapshots == wanting == 0


def test_fifty_want_the_lead_while_an_index_is_built(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    project.add("CREATE INDEX CONCURRENTLY i ON gate (opened);", up_options="transaction=off")
    own = project.add_tables(STANDBYS)
    database = rig.database()
    leader = rig.leader(project, database)
    leader.ctl("migrate", "upgrade", project.ids[0])
    standbys = launch_standbys(rig, project, database)
    with leader.client() as client:
        job = client.request("migrate.upgrade", target=project.ids[2])
        wait_until(lambda: "statement" in (leader.status()["job"] or {}), "the job to run")
        asked = []
        for number, daemon in enumerate(standbys):
            asker = daemon.client()
            rig.defer(asker.close)
            request = asker.request("migrate.upgrade", target=own[number], tag=f"{number}")
            assert asker.wait_event("waiting")["before"] == number
            asked.append((asker, request))
        # The index build stands still for as long as a transaction of somebody else is open.
        other = database.connect(application_name="other")
        rig.defer(other.close)
        other.autocommit = False
        other.cursor().execute("INSERT INTO gate VALUES (NULL)")
        open_gate(database)
        wait_until(lambda: database.value("SELECT count(*) FROM pg_stat_progress_create_index"),
                   "the index build to begin")
        # Each daemon looks about once a second: all have by the time that each was seen once more.
        before = database.value("SELECT clock_timestamp()")
        wait_until(lambda: database.value(
            "SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE application_name LIKE "
            "'wovend/%%(work)' AND query_start > %s", before) >= STANDBYS, "all to have looked")
        wait_until(lambda: nobody_waits_inside(database), "nobody to wait inside PostgreSQL")
        assert database.value("SELECT count(*) FROM woven.want") == STANDBYS
        other.commit()
        assert client.answer(job)["result"]["outcome"] == "done"
    assert database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
    for asker, request in asked:
        assert asker.answer(request)["result"]["outcome"] == "done"
    # In the order of asking, each with its own step.
    assert database.run("SELECT revision, tag FROM woven.history WHERE tag IS NOT NULL ORDER BY id") \
        == [(own[number], f"{number}") for number in range(STANDBYS)]
    wait_until(lambda: database.value("SELECT count(*) FROM woven.want") == 0,
               "all tickets to be given back")
