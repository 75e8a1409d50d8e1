"""Other clients, many clients, clients that vanish."""

import concurrent.futures
import json
import socket
import subprocess

import pytest
from jsonrpc.jsonrpc2 import JSONRPC20Request, JSONRPC20Response

from rig.daemon import user_name
from rig.programs import PATIENCE, SANITIZER
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def test_socat_as_client(rig):
    daemon = rig.simple(1)[2]
    done = subprocess.run(
        ["socat", "-t", "10", "-", f"UNIX-CONNECT:{daemon.socket}"], text=True, check=True,
        input='{"jsonrpc":"2.0","id":"a","method":"migrate.status"}\n'
              '{"jsonrpc":"2.0","id":2,"method":"migrate.upgrade","params":{"target":"head"}}\n',
        capture_output=True, timeout=30 * PATIENCE)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    answers = {message["id"]: message for message in messages if "id" in message}
    assert answers["a"]["result"]["state"] == "empty"
    assert answers[2]["result"]["outcome"] == "done"
    assert all(message["method"] == "job" for message in messages if "id" not in message)


def test_python_jsonrpc_as_client(rig):
    """A library that is not ours makes the requests and accepts the answers."""
    project, _, daemon = rig.simple(2)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(daemon.socket))
        stream = connection.makefile("rw", encoding="utf-8", newline="\n")

        def call(number, method, **params):
            request = JSONRPC20Request(method, params, _id=number)
            stream.write(request.json + "\n")
            stream.flush()
            while True:
                line = stream.readline()
                if "id" in json.loads(line):
                    return JSONRPC20Response(**{
                        "_id" if key == "id" else key: value
                        for key, value in json.loads(line).items() if key != "jsonrpc"})
                assert JSONRPC20Request.from_json(line).method == "job"

        assert call(1, "migrate.upgrade", target=["head"]).result["outcome"] == "done"
        assert call(2, "migrate.current").result["revisions"][0]["revision"] == project.ids[-1]
        failed = call(3, "migrate.upgrade", target=["nowhere"]).result
        assert failed["outcome"] == "failed"
        assert failed["error"]["code"] == "REVISION_NOT_FOUND"
        refused = call(4, "migrate.show", revision="nowhere")
        assert refused.error["code"] == -32000
        assert refused.error["data"]["code"] == "REVISION_NOT_FOUND"


def test_200_clients_at_once(rig):
    _, database, daemon = rig.simple(3)

    def one(number):
        with daemon.client() as client:
            first = client.call("migrate.status")["project"]
            outcome = client.call("migrate.upgrade", target="head", progress=number % 2 == 0)
            return first, outcome["outcome"], client.call("migrate.status")["state"]

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        results = list(pool.map(one, range(200)))
    assert [(first, state) for first, _, state in results] == [("woven", "at-head")] * 200
    outcomes = [outcome for _, outcome, _ in results]
    assert outcomes.count("done") == 1 and outcomes.count("nothing-to-do") == 199
    assert database.value("SELECT count(*) FROM woven.history WHERE kind = 'up'") == 3
    # Clients wait on the socket and not on the database. (The test's own sessions end a bit later.)
    wait_until(lambda: database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()") == 2, "two sessions and no more")


def test_200_idle_connections_do_not_disturb(rig):
    daemon = rig.simple(1)[2]
    clients = [daemon.client() for _ in range(200)]
    try:
        assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
        assert daemon.call("daemon.status")["clients"] >= 200
    finally:
        for client in clients:
            client.close()


def gated(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"{WAIT_AT_GATE};\nCREATE TABLE after ();", "DROP TABLE after;")
    database = rig.database()
    return project, database, rig.leader(project, database)


def test_client_that_vanishes_cancels_nothing(rig):
    project, database, daemon = gated(rig)
    client = daemon.client()
    client.request("migrate.upgrade", target="head")
    client.wait_event("started")
    client.close()
    with daemon.client() as watcher:
        request = watcher.request("migrate.watch")
        wait_until(lambda: (job := daemon.status()["job"]) and job.get("step", {}).get("index") == 1,
                   "the job to go on")
        open_gate(database)
        assert watcher.answer(request)["result"]["outcome"] == "done"
    assert database.heads() == [project.ids[-1]] and "after" in database.tables()


def test_killed_wovenctl_cancels_nothing(rig):
    project, database, daemon = gated(rig)
    process = daemon.ctl_process("migrate", "upgrade", "head")
    wait_until(lambda: (job := daemon.status()["job"]) and job.get("step", {}).get("index") == 1,
               "the second step")
    process.kill()
    process.communicate()
    open_gate(database)
    wait_until(lambda: database.heads() == [project.ids[-1]], "the job to end")


def test_jobs_run_one_after_another(rig):
    project, database, daemon = gated(rig)
    with daemon.client() as first, daemon.client() as second, daemon.client() as third:
        one = first.request("migrate.upgrade", target="head")
        first.wait_event("step_done")
        two = second.request("migrate.downgrade", target="base")
        assert second.wait_event("queued")["position"] >= 1
        three = third.request("migrate.upgrade", target=project.ids[0])
        third.wait_event("queued")
        assert daemon.call("daemon.status")["jobs_waiting"] == 2
        open_gate(database)
        assert first.answer(one)["result"]["outcome"] == "done"
        assert second.answer(two)["result"]["outcome"] == "done"
        assert third.answer(three)["result"]["outcome"] == "done"
    assert database.heads() == [project.ids[0]] and database.tables() == ["gate"]


def test_waiting_jobs_are_bounded(rig):
    project = rig.project(limits={"jobs": 2})
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        requests = [client.request("migrate.upgrade", target="head")]
        client.wait_event("step_done")
        requests += [client.request("migrate.upgrade", target="head") for _ in range(2)]
        wait_until(lambda: daemon.call("daemon.status")["jobs_waiting"] == 2, "two to wait")
        assert daemon.refused("migrate.upgrade", target="head")["code"] == "BUSY"
        open_gate(database)
        outcomes = [client.answer(request)["result"]["outcome"] for request in requests]
        assert outcomes == ["done", "nothing-to-do", "nothing-to-do"]


def test_watch_sees_a_job_of_somebody_else(rig):
    project, _, daemon = rig.simple(2)
    with daemon.client() as watcher:
        request = watcher.request("migrate.watch")
        daemon.ctl("migrate", "upgrade", "head")
        assert watcher.answer(request)["result"]["outcome"] == "done"
        names = [event["event"] for event in watcher.events]
        assert names[-1] == "finished" and "planned" in names
        done = [event["revision"] for event in watcher.events if event["event"] == "step_done"]
        assert done == project.ids
        assert watcher.call("migrate.watch", follow=False) == {"job": None, "outcome": None}


@pytest.mark.skipif(bool(SANITIZER), reason="a sanitizer wants to be loaded first")
def test_a_user_database_that_hangs_holds_up_nobody_but_the_job(rig):
    """Who asked for a job is looked up by name for the history, which may take for ever (LDAP)."""
    source, library, gate = (rig.folder / name for name in ("slow.c", "slow.so", "gate"))
    source.write_text(
        "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <pwd.h>\n#include <unistd.h>\n"
        f"static void slow(void) {{ while (access(\"{gate}\", F_OK) != 0) usleep(10000); }}\n"
        "struct passwd *getpwuid(uid_t uid)\n"
        "{ slow(); return ((struct passwd *(*)(uid_t))dlsym(RTLD_NEXT, \"getpwuid\"))(uid); }\n"
        "int getpwuid_r(uid_t u, struct passwd *p, char *b, size_t n, struct passwd **r)\n"
        "{ slow(); return ((int (*)(uid_t, struct passwd *, char *, size_t, struct passwd **))\n"
        "dlsym(RTLD_NEXT, \"getpwuid_r\"))(u, p, b, n, r); }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    _, database, daemon = rig.simple(1, env={"LD_PRELOAD": str(library)})
    rig.defer(gate.touch)
    with daemon.client() as client, daemon.client() as other:
        job = client.request("migrate.upgrade", target="head")
        client.wait_event("queued")
        assert other.call("daemon.ping")["service"] == "wovend"
        assert other.call("migrate.status")["state"] == "empty"
        gate.touch()
        assert client.wait_event("started")["caller"]["user"] == user_name()
        assert client.answer(job)["result"]["outcome"] == "done"
    assert database.value("SELECT unix_user FROM woven.history") == user_name()
