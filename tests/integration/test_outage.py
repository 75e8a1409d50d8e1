"""PostgreSQL goes away and comes back under a daemon."""

import contextlib
import signal
import socket
import threading

import pytest

from rig.cluster import Cluster
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def wait_state(daemon, state):
    return wait_until(lambda: (status := daemon.status())["state"] == state and status,
                      f"the state {state}\n{daemon.log_tail()}")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_idle_daemon_outlives_the_server(rig, how):
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "+1")
    if how == signal.SIGKILL:
        rig.cluster.kill()
    else:
        rig.cluster.stop(how)
    status = wait_state(daemon, "unreachable")
    assert status["database"]["reachable"] is False
    assert status["database"]["error"]["code"] in ("DATABASE_UNREACHABLE", "CONNECTION_LOST")
    status = daemon.wait_role("unreachable")
    assert status["database"]["since"] and status["database"]["retry_ms"] >= 0
    assert daemon.ctl("daemon", "ping").json["pid"] == daemon.process.pid
    assert len(daemon.ctl("migrate", "history").json["revisions"]) == 2
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["code"] == "DATABASE_UNREACHABLE"
    rig.cluster.start()
    daemon.wait_role("leader")
    wait_state(daemon, "behind")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == [project.ids[-1]]


def test_started_before_the_server(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    rig.cluster.stop()
    daemon = rig.daemon(project, database)
    wait_state(daemon, "unreachable")
    rig.cluster.start()
    daemon.wait_role("leader")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_upgrade_waits_for_a_server_that_is_away(rig):
    project, database, daemon = rig.simple(1)
    rig.cluster.stop()
    wait_state(daemon, "unreachable")
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head", wait_ms=120000)
        client.wait_event("waiting")
        rig.cluster.start()
        assert client.answer(request)["result"]["outcome"] == "done"
    assert database.heads() == project.ids


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_busy_daemon_outlives_the_server(rig, how):
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: (job := daemon.status()["job"])
                   and job.get("statement", {}).get("number") == 2, "the gate to be reached")
        rig.cluster.stop(how)
        # The outcome is known only when the server can be asked again.
        rig.cluster.start()
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed"
    # All commits but the last are asynchronous: a crash of the server may take the first step too.
    kept = how == signal.SIGINT or database.heads() != []
    assert [step["done"] for step in result["steps"]] == [kept, False]
    assert result["heads_after"] == database.heads() == project.ids[:kept]
    assert database.tables() == ["gate"][:kept]
    daemon.wait_role("leader")
    daemon.ctl("migrate", "upgrade", project.ids[0])
    open_gate(database)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.tables() == ["gate", "half"]


def test_killed_session_of_a_busy_daemon(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        request = client.request("migrate.upgrade", target="head")
        wait_until(lambda: (job := daemon.status()["job"])
                   and job.get("statement", {}).get("number") == 2, "the gate to be reached")
        database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
        result = client.answer(request)["result"]
    assert result["outcome"] == "failed"
    assert database.heads() == [project.ids[0]] and database.tables() == ["gate"]
    daemon.wait_role("leader")


class DeafLine:
    """Stands in front of the server; once armed, lets the next COMMIT through and not its answer."""

    def __init__(self, folder, server):
        self.server = str(server / ".s.PGSQL.5432")
        self.armed = threading.Event()
        self.holds = False  # whether it takes no connection any more after that
        self.passable = threading.Event()
        self.passable.set()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                self.passable.wait()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.server)
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self.pass_on, args=(source, target, source is server),
                                     daemon=True).start()

    def pass_on(self, source, target, is_answer):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer and self.armed.is_set() and b"COMMIT\0" in data:
                    if self.holds:
                        self.passable.clear()
                    self.armed.clear()
                    break
                target.sendall(data)
            for end in (source, target):
                end.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("options", ["", "transaction=off"])
def test_commit_whose_answer_is_lost_is_found_in_the_ledger(rig, tmp_path, options):
    project = rig.project()
    project.add("CREATE TABLE one ();", up_options=options)
    database = rig.database()
    line = DeafLine(tmp_path, rig.cluster.sockets)
    rig.defer(line.listener.close)
    daemon = rig.leader(project, f"host={tmp_path} user=postgres dbname={database.name}")
    line.armed.set()
    result = daemon.ctl("migrate", "upgrade", "head", expect=None).json
    assert not line.armed.is_set()
    if options == "":
        assert result["outcome"] == "done" and "error" not in result
    assert [step["done"] for step in result["steps"]] == [bool(database.heads())]
    assert result["heads_after"] == database.heads()


def test_job_found_done_tells_of_itself(rig, tmp_path):
    """Although another daemon has gone on before this one could look again."""
    project = rig.project()
    project.add_tables(2)
    database = rig.database()
    line = DeafLine(tmp_path, rig.cluster.sockets)
    rig.defer(line.listener.close)
    rig.defer(line.passable.set)
    cut_off = rig.leader(project, f"host={tmp_path} user=postgres dbname={database.name}")
    other = rig.daemon(project, database)
    other.wait_role("standby")
    line.holds = True
    line.armed.set()
    with cut_off.client() as client:
        request = client.request("migrate.upgrade", target=project.ids[0])
        wait_until(lambda: not line.armed.is_set(), "the answer to be lost")
        assert other.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
        line.passable.set()
        result = client.answer(request)["result"]
    assert result["outcome"] == "done" and [step["done"] for step in result["steps"]] == [True]
    assert result["heads_after"] == [project.ids[0]]
    assert database.heads() == [project.ids[1]]


def test_read_only_server_is_told(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    database.run(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    daemon = rig.daemon(project, database)
    wait_until(lambda: daemon.status()["database"].get("read_only"), "read_only in the status")
    result = daemon.ctl("migrate", "upgrade", "head", expect=None)
    assert result.status != 0 and database.heads() == []


def test_what_passes_by_itself_is_no_refusal(rig):
    """A lock on the ledger, while the lead is taken: tried again soon, and jobs may wait for it."""
    project, database, first = rig.simple(2)
    first.ctl("migrate", "upgrade", project.ids[0])
    first.stop()
    with database.locked("woven.leader", "EXCLUSIVE"):
        second = rig.daemon(project, database)
        status = second.wait_role("unreachable", "refused")
        assert status["role"] == "unreachable" and status["database"]["reachable"]
        patient = second.client()
        rig.defer(patient.close)
        request = patient.request("migrate.upgrade", target="head", wait_ms=120000)
        patient.wait_event("waiting")
    assert patient.answer(request)["result"]["outcome"] == "done"
    assert database.heads() == [project.ids[1]]


def test_second_host_of_the_connection_string(rig, tmp_path):
    """libpq's list of hosts: the first one is not there."""
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    daemon = rig.daemon(project, f"host={tmp_path},{rig.cluster.sockets} user=postgres "
                                 f"dbname={database.name} target_session_attrs=read-write")
    daemon.wait_role("leader")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_server_that_is_not_there_is_named(rig, tmp_path):
    project = rig.project()
    project.add_tables(1)
    daemon = rig.daemon(project, f"host={tmp_path} user=postgres dbname=x")
    status = wait_state(daemon, "unreachable")
    assert str(tmp_path) in status["database"]["error"]["message"]


def test_two_clusters_do_not_meet(rig):
    """The same project on another server has its own leader."""
    project, _, _ = rig.simple(1)
    other = Cluster()
    rig.defer(other.remove)
    second = rig.daemon(project, other.start().new_database())
    try:
        second.wait_role("leader")
    finally:
        second.stop()


WATCHED = {"tcp_keepalives_idle": "3", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
           "tcp_user_timeout": "5000", "client_connection_check_interval": "500"}


def test_dead_peers_are_noticed_by_the_server(rig):
    """What the session of a step has set, over TCP, where it counts."""
    cluster = Cluster(listen_addresses="127.77.0.1")
    rig.defer(cluster.remove)
    cluster.start()
    database = cluster.new_database()
    project = rig.project()
    names = ", ".join(f"'{name}'" for name in WATCHED)
    project.add("CREATE TABLE seen AS SELECT name::text, setting FROM pg_settings "
                f"WHERE name IN ({names});\nSET tcp_user_timeout = 1;\nRESET ALL;")
    project.add("INSERT INTO seen SELECT name, setting FROM pg_settings "
                f"WHERE name IN ({names});")
    daemon = rig.leader(project, f"host=127.77.0.1 user=postgres dbname={database.name}")
    daemon.ctl("migrate", "upgrade", "head")
    seen = database.run("SELECT name, setting FROM seen")
    assert len(seen) == 2 * len(WATCHED) and set(seen) == set(WATCHED.items())
