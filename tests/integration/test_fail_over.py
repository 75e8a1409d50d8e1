"""The primary dies or is replaced and its standby is promoted: the daemon finds it and leads again,
and nothing that it says is more than the new primary knows."""

import random
import signal

import pytest

from rig.cluster import Cluster
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.standby import Standby, demoted
from rig.waiting import wait_until


class Pair:
    """A primary and what follows it; the database on both; how a daemon is told of them."""

    def __init__(self, rig):
        self.primary = Cluster().start()
        rig.defer(self.primary.remove)
        self.old = self.primary.new_database()
        self.standby = Standby(self.primary)
        rig.defer(self.standby.remove)
        self.standby.start()
        self.new = self.standby.twin(self.old)

    def conninfo(self, *clusters, attrs=" target_session_attrs=read-write"):
        hosts = ",".join(str(cluster.sockets) for cluster in clusters or (self.primary, self.standby))
        return f"host={hosts} user=postgres dbname={self.old.name}{attrs}"

    def fail_over(self):
        self.primary.kill()
        self.standby.promote()


@pytest.fixture(name="pair")
def _pair(rig):
    return Pair(rig)


def on(cluster):
    """A condition for status: it is this server that was asked."""
    return lambda status: status["database"].get("host") == str(cluster.sockets)


def leads_on(daemon, cluster):
    return wait_until(lambda: (status := daemon.status())["role"] == "leader"
                      and on(cluster)(status) and status,
                      f"{daemon.name} to lead on {cluster.sockets}\n{daemon.log_tail()}")


def agree(database, ids):
    """The schema, the version table and the records tell of the first of `ids`, each gone up once;
    how many."""
    made = [table for table in database.tables() if table.startswith("t")]
    count = len(made)
    assert made == sorted(f"t{number}" for number in range(1, count + 1))
    assert database.heads() == ids[count - 1:count]
    assert database.run("SELECT id FROM woven.revision ORDER BY id") == \
        sorted((revision,) for revision in ids[:count])
    assert database.run("SELECT revision, kind, outcome FROM woven.history ORDER BY id") == \
        [(revision, "up", "done") for revision in ids[:count]]
    return count


def step(daemon, index, number=1):
    """A condition: the running job is there."""
    def there():
        job = daemon.status()["job"] or {}
        return job.get("step", {}).get("index") == index and \
            job.get("statement", {}).get("number") == number
    return there


def add_gated(project, table):
    """A step that makes its table and stays in its transaction until the gate is opened."""
    return project.add(f"CREATE TABLE {table} ();\n{WAIT_AT_GATE};")


def gated_project(rig, before, after):
    """`before` plain tables (the gate's is made with the first), one that waits, `after` plain."""
    project = rig.project()
    project.add(f"CREATE TABLE t1 ();\n{GATE_TABLE};")
    project.add_tables(before - 1)
    add_gated(project, f"t{before + 1}")
    project.add_tables(after)
    return project


def plain_project(rig, tables):
    project = rig.project()
    project.add_tables(tables)
    return project


def begun(rig, pair, project, done=1):
    """A daemon that leads and has run the first revisions, which the standby has too."""
    daemon = rig.leader(project, pair.conninfo())
    daemon.ctl("migrate", "upgrade", project.ids[done - 1])
    pair.standby.follow()
    return daemon


def test_primary_dies_in_the_middle_of_a_step(rig, pair):
    project = gated_project(rig, 3, 2)
    daemon = rig.leader(project, pair.conninfo())
    daemon.ctl("migrate", "upgrade", project.ids[0])
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(step(daemon, 2, 2), "the gate to be reached")
        pair.standby.follow()
        pair.fail_over()
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert [one["done"] for one in result["steps"]] == [True, True, False, False, False]
    assert result["heads_after"] == pair.new.heads() == [project.ids[2]]
    assert agree(pair.new, project.ids) == 3
    status = leads_on(daemon, pair.standby)
    assert status["state"] == "behind" and status["current"] == [project.ids[2]]
    assert [one["revision"] for one in status["pending"]] == project.ids[3:]
    open_gate(pair.new)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 6


def test_last_commits_of_a_job_are_lost(rig, pair):
    """What was shown as done step by step is told as not done once the new primary is asked."""
    project = gated_project(rig, 5, 4)
    project.add("CREATE TABLE t11 ();\nCREATE TABLE gate2 (opened boolean);\n"
                + WAIT_AT_GATE.replace("gate", "gate2") + ";")
    daemon = rig.leader(project, pair.conninfo())
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(step(daemon, 5, 2), "the first gate to be reached")
        pair.standby.follow()
        pair.standby.cut()
        open_gate(pair.old)
        wait_until(step(daemon, 10, 3), "the second gate to be reached")
        assert len(pair.old.heads()) == 1 and pair.old.heads() == [project.ids[9]]
        pair.fail_over()
        result = client.answer(request)["result"]
        seen = [event["revision"] for event in client.events if event["event"] == "step_done"]
    assert seen == project.ids[:10]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert [one["done"] for one in result["steps"]] == [True] * 5 + [False] * 6
    assert result["heads_after"] == [project.ids[4]]
    assert agree(pair.new, project.ids) == 5
    log = daemon.ctl("migrate", "log").json["entries"]
    assert [entry["revision"] for entry in log] == project.ids[4::-1]
    open_gate(pair.new)
    pair.new.run("ALTER TABLE gate RENAME TO gate1; CREATE TABLE gate (opened boolean)")
    pair.new.run("INSERT INTO gate VALUES (true)")
    result = daemon.ctl("migrate", "upgrade", project.ids[9]).json
    assert result["outcome"] == "done" and len(result["steps"]) == 5
    assert agree(pair.new, project.ids) == 10


def test_finished_job_is_lost(rig, pair):
    """Replication is asynchronous, so the last commit may be gone too: nobody says it is there."""
    project = plain_project(rig, 4)
    daemon = begun(rig, pair, project, 2)
    pair.standby.cut()
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert daemon.ctl("migrate", "wait").json["current"] == [project.ids[3]]
    pair.fail_over()
    status = leads_on(daemon, pair.standby)
    assert status["state"] == "behind" and status["current"] == [project.ids[1]]
    assert agree(pair.new, project.ids) == 2
    assert daemon.ctl("--timeout", "1s", "migrate", "wait", expect=5).error["code"] == "TIMED_OUT"
    assert daemon.ctl("migrate", "current").json["revisions"][0]["revision"] == project.ids[1]
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 4


def test_job_asked_for_while_no_server_takes_changes(rig, pair):
    """Between the primary's death and the promotion: what may wait does."""
    project = plain_project(rig, 2)
    daemon = begun(rig, pair, project)
    pair.primary.kill()
    status = daemon.wait_role("unreachable")
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["code"] == "DATABASE_UNREACHABLE"
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head", wait_ms=120000)
        waiting = client.request("migrate.wait", target="head")
        client.wait_event("waiting")
        pair.standby.promote()
        answers = {}
        for _ in range(2):
            while "method" in (message := client.receive()):
                pass
            answers[message["id"]] = message["result"]
    assert answers[request]["outcome"] == "done"
    assert answers[waiting]["current"] == [project.ids[1]]
    assert agree(pair.new, project.ids) == 2


def test_promotion_comes_after_the_answer(rig, pair):
    """The answer cannot wait for ever: then it says that it does not know."""
    project = gated_project(rig, 1, 1)
    daemon = begun(rig, pair, project)
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(step(daemon, 0, 2), "the gate to be reached")
        pair.primary.kill()
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert "not known yet" in result["error"]["hint"]
    assert not any(one["done"] for one in result["steps"])
    pair.standby.promote()
    status = leads_on(daemon, pair.standby)
    assert status["current"] == [project.ids[0]]


def test_standby_daemons_find_the_new_primary_too(rig, pair):
    """Of three daemons one leads there, and the one that waited for the lead gets it."""
    project = gated_project(rig, 2, 2)
    daemons = [rig.leader(project, pair.conninfo())]
    daemons[0].ctl("migrate", "upgrade", project.ids[1])
    for _ in range(2):
        daemons.append(rig.daemon(project, pair.conninfo()))
        daemons[-1].wait_role("standby")
    pair.standby.follow()
    with daemons[0].client() as first, daemons[1].client() as second:
        one = first.request("migrate.upgrade", target="head")
        wait_until(step(daemons[0], 0, 2), "the gate to be reached")
        other = second.request("migrate.upgrade", target="head", wait_ms=120000)
        second.wait_event("waiting")
        pair.fail_over()
        open_gate(pair.new)
        assert second.answer(other)["result"]["outcome"] in ("done", "nothing-to-do")
        cut_off = first.answer(one)["result"]
    assert cut_off["outcome"] == "failed" and cut_off["error"]["code"] == "CONNECTION_LOST"
    assert not any(one["done"] for one in cut_off["steps"])
    wait_until(lambda: sorted(daemon.status()["role"] for daemon in daemons)
               == ["leader", "standby", "standby"], "one leader and two standbys")
    assert agree(pair.new, project.ids) == 5


def test_work_of_another_is_not_claimed(rig, pair):
    """The loss takes the fencing token too, so that another daemon leads by the same number and runs
    a job of the same number: whoever was cut off does not take its steps for his own."""
    project = gated_project(rig, 1, 1)
    first = rig.leader(project, pair.conninfo())
    first.ctl("migrate", "upgrade", project.ids[0])
    second = rig.daemon(project, pair.conninfo())
    third = rig.daemon(project, pair.conninfo())
    for daemon in (second, third):
        daemon.wait_role("standby")
    pair.standby.follow()
    pair.standby.cut()
    with second.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(step(second, 0, 2), "the gate to be reached")
        token = pair.old.value("SELECT token FROM woven.leader")
        first.stop()
        second.signal(signal.SIGSTOP)
        try:
            pair.fail_over()
            open_gate(pair.new)
            leads_on(third, pair.standby)
            assert pair.new.value("SELECT token FROM woven.leader") == token
            assert third.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
            assert pair.new.run("SELECT DISTINCT token, job FROM woven.history WHERE revision = %s",
                                project.ids[2]) == [(token, 1)]
        finally:
            second.signal(signal.SIGCONT)
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    assert not any(one["done"] for one in result["steps"])
    assert result["heads_after"] == [project.ids[-1]]
    assert agree(pair.new, project.ids) == 3


def test_index_build_is_cut_off(rig, pair):
    """Outside a transaction: the half-built index and the journal have come over together."""
    project = plain_project(rig, 1)
    project.add("CREATE INDEX CONCURRENTLY i ON t1 (id);", up_options="transaction=off")
    daemon = rig.leader(project, pair.conninfo())
    daemon.ctl("migrate", "upgrade", project.ids[0])
    blocker = pair.old.connect()
    rig.defer(blocker.close)
    blocker.autocommit = False
    blocker.cursor().execute("INSERT INTO t1 VALUES (1)")
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: pair.old.value("SELECT count(*) FROM pg_class WHERE relname = 'i'"),
                   "the index to be begun")
        pair.standby.follow()
        pair.fail_over()
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed" and not result["steps"][0]["done"]
    assert not pair.new.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
    assert leads_on(daemon, pair.standby)["interrupted"]["revision"] == project.ids[1]
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert pair.new.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
    assert daemon.status()["interrupted"] is None


def test_old_primary_comes_back_as_a_standby(rig, pair):
    project = plain_project(rig, 2)
    daemon = begun(rig, pair, project)
    pair.fail_over()
    leads_on(daemon, pair.standby)
    demoted(pair.primary, pair.standby)
    late = rig.daemon(project, pair.conninfo())
    late.wait_role("standby")
    assert on(pair.standby)(late.status())
    # Also without being told what is wanted: of several hosts only one that takes changes serves.
    untold = rig.daemon(project, pair.conninfo(attrs=""))
    untold.wait_role("standby")
    assert on(pair.standby)(untold.status())
    assert late.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 2
    # A host that is named alone is told for what it is.
    alone = rig.daemon(project, pair.conninfo(pair.primary, attrs=""))
    alone.wait_role("unreachable")
    error = alone.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["code"] == "DATABASE_UNREACHABLE" and "standby" in error["message"]
    assert alone.status()["database"]["read_only"] is True


def test_server_becomes_read_only_under_the_daemons(rig, pair):
    """A demotion without a restart: the sessions live on, and take no changes any more."""
    project = plain_project(rig, 2)
    first = rig.leader(project, pair.conninfo())
    second = rig.daemon(project, pair.conninfo())
    second.wait_role("standby")
    first.ctl("migrate", "upgrade", project.ids[0])
    pair.standby.follow()
    pair.old.run("ALTER SYSTEM SET default_transaction_read_only = on")
    pair.old.run("SELECT pg_reload_conf()")
    wait_until(lambda: pair.old.value("SHOW transaction_read_only") == "on", "the setting")
    pair.standby.promote()
    assert second.ctl("--timeout", "60s", "migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 2
    wait_until(lambda: {first.status()["role"], second.status()["role"]} == {"leader", "standby"}
               and on(pair.standby)(first.status()) and on(pair.standby)(second.status()),
               "both daemons to have left")
    assert agree(pair.old, project.ids) == 1


def end_sessions(database, which="%%"):
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 f"WHERE application_name LIKE 'wovend/%%({which})'")


def test_both_servers_take_changes(rig, pair):
    """Split brain: nothing can mend that here, but each daemon tells of one server only, of the one
    that it works on, and stays there for as long as that answers."""
    project = plain_project(rig, 3)
    first = rig.leader(project, pair.conninfo(pair.standby, pair.primary))
    first.ctl("migrate", "upgrade", project.ids[0])
    pair.standby.follow()
    pair.standby.promote()
    token = pair.new.value("SELECT token FROM woven.leader")
    for which in ("work", "watch", "%%"):
        backend = pair.old.value("SELECT backend_pid FROM woven.leader")
        end_sessions(pair.old, which)
        assert first.ctl("--timeout", "60s", "migrate", "upgrade", project.ids[1])
        if which != "watch":
            assert pair.old.value("SELECT backend_pid FROM woven.leader") != backend
        status = leads_on(first, pair.primary)
        assert status["current"] == [project.ids[1]]
    assert pair.new.value("SELECT token FROM woven.leader") == token
    # Another daemon, to which the other server comes first.
    second = rig.leader(project, pair.conninfo(pair.standby, pair.primary))
    status = leads_on(second, pair.standby)
    assert status["current"] == [project.ids[0]]
    assert status["leader"]["pid"] == second.process.pid
    assert first.status()["leader"]["pid"] == first.process.pid
    assert agree(pair.old, project.ids) == 2
    # The end of the old primary is the end of what it alone has.
    pair.primary.stop()
    status = wait_until(lambda: (status := first.status())["role"] == "standby" and status,
                        "the first daemon to find the other server")
    assert on(pair.standby)(status) and status["current"] == [project.ids[0]]
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 3


def test_old_primary_comes_back_and_takes_changes(rig, pair):
    """It is the first of the hosts, but the daemon stays where it led last."""
    project = plain_project(rig, 2)
    daemon = begun(rig, pair, project)
    pair.fail_over()
    leads_on(daemon, pair.standby)
    pair.primary.start()
    token = pair.old.value("SELECT token FROM woven.leader")
    for which in ("watch", "work", "%%"):
        end_sessions(pair.new, which)
        wait_until(lambda: daemon.status() and pair.new.value(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'wovend/%%'") == 2,
                   "both connections to be back")
        assert leads_on(daemon, pair.standby)["current"] == [project.ids[0]]
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 2
    assert agree(pair.old, project.ids) == 1
    assert pair.old.value("SELECT token FROM woven.leader") == token


def test_job_is_done_when_the_standby_has_it(rig, pair):
    """With a synchronous standby nothing that was told as done can be lost: the last commit waits,
    and so does the answer."""
    project = plain_project(rig, 3)
    daemon = rig.leader(project, pair.conninfo())
    daemon.ctl("migrate", "upgrade", project.ids[0])
    pair.old.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
    pair.old.run("SELECT pg_reload_conf()")
    assert daemon.ctl("migrate", "upgrade", project.ids[1]).json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 2
    pair.standby.cut()
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: pair.old.value(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' "
            "AND application_name LIKE 'wovend/%%(work)'"), "the commit to wait")
        pair.fail_over()
        result = client.answer(request)["result"]
        assert not any(event["event"] == "step_done" for event in client.events)
    assert result["outcome"] == "failed" and not result["steps"][0]["done"]
    assert result["heads_after"] == [project.ids[1]]
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(pair.new, project.ids) == 3


def steps_told(client, count):
    """Waits until so many steps more were told as done. The answer, if it comes before that."""
    while count > 0:
        message = client.receive()
        assert message is not None
        if "method" not in message:
            return message
        count -= message["params"]["event"] == "step_done"
    return None


def met_by_the_end(daemon, draw, primary, standby):
    """A job during which the primary dies; `early` is its result when it had ended before that."""
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="+90")
        early = steps_told(client, draw.randrange(1, 40))
        if draw.random() < 0.7:
            standby.cut()
        early = early or steps_told(client, draw.randrange(1, 40))
        primary.kill()
        standby.promote()
        return early, (early or client.answer(request))["result"]


@pytest.mark.parametrize("seed", range(2))
def test_one_fail_over_after_the_other(rig, pair, seed):
    """Jobs of two daemons, each met at another moment by the death of the primary, with replication
    cut off some steps earlier or not: the answer is what the new primary has, always."""
    draw = random.Random(seed)
    project = rig.project()
    for number in range(1, 301):
        project.add(f"CREATE TABLE t{number} ();\nSELECT pg_sleep(0.01);")
    daemons = [rig.daemon(project, pair.conninfo()) for _ in range(2)]
    primary, standby = pair.primary, pair.standby
    count = 0
    for _ in range(3):
        for daemon in daemons:
            daemon.wait_role("leader", "standby")
        before = count
        early, result = met_by_the_end(draw.choice(daemons), draw, primary, standby)
        database = standby.twin(pair.old)
        count = agree(database, project.ids) if database.heads() else 0
        if early is None:
            told = [step["done"] for step in result["steps"]]
            assert told == [True] * (count - before) + [False] * (90 - count + before)
            assert result["heads_after"] == database.heads()
            assert (result["outcome"] == "done") == all(told)
        for daemon in daemons:
            wait_until(lambda daemon=daemon: (status := daemon.status())["current"]
                       == database.heads() and on(standby)(status), "the new primary to be found")
        primary, standby = standby, Standby(standby)
        rig.defer(standby.remove)
        standby.start()
        for daemon in daemons:
            daemon.write_conf(database=pair.conninfo(primary, standby))
            daemon.call("daemon.reload")
    assert daemons[0].ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert agree(primary.twin(pair.old), project.ids) == 300
