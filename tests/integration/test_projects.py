"""Several projects in one daemon: sections `database`, --project, status --all, reload."""

import contextlib
import os
import signal
import socket

import pytest

from rig.cluster import Cluster
from rig.daemon import run_daemon
from rig.programs import clean_environment
from rig.project import GATE_TABLE, WAIT_AT_GATE, Project, open_gate
from rig.waiting import wait_until


class House:
    """A daemon with a section for each of its projects, which have a folder and a database each."""

    def __init__(self, rig):
        self.rig = rig
        self.top = rig.project()
        self.projects = {}
        self.databases = {}
        self.daemon = None

    def add(self, name, database=None, tables=2, **settings):
        project = Project(self.rig.folder / name)
        project.add_tables(tables)
        database = database or self.rig.database()
        self.projects[name] = project
        self.databases[name] = database
        return {f'database "{name}"': {
            "database": getattr(database, "conninfo", database),
            "versions": [str(project.versions)], **settings}}

    def start(self, sections, **more):
        self.daemon = self.rig.daemon(self.top, "", start=False, **more)
        del self.daemon.settings["database"]
        self.daemon.write_conf(**sections)
        self.daemon.start()
        return self.daemon

    def start_gated(self, **settings):
        """Two projects, of which crm has one revision, which waits at a gate; the sections."""
        sections = self.add("shop") | self.add("crm", tables=0, **settings)
        self.start(sections)
        self.projects["crm"].add(WAIT_AT_GATE)
        self.databases["crm"].run(GATE_TABLE)
        self.lead("shop", "crm")
        return sections

    def ctl(self, name, *arguments, **more):
        return self.daemon.ctl("--project", name, *arguments, **more)

    def status(self, name):
        return self.daemon.call("migrate.status", project=name)

    def lead(self, *names):
        for name in names:
            wait_until(lambda: self.status(name)["role"] == "leader", f"{name} to be led")


@pytest.fixture(name="house")
def _house(rig):
    return House(rig)


@pytest.fixture(name="pair")
def _pair(house):
    """Two projects, each with its database."""
    house.start(house.add("shop") | house.add("crm", tables=3))
    house.lead("shop", "crm")
    return house


def backends(database, project):
    """The connections that the daemon has for a project."""
    return {row[0] for row in database.run(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE %s", f"wovend/{project} (%")}


def test_each_is_asked_by_its_name(pair):
    daemon = pair.daemon
    for name in ("shop", "crm"):
        assert pair.ctl(name, "migrate", "upgrade", "head").json["outcome"] == "done"
        assert pair.databases[name].heads() == [pair.projects[name].ids[-1]]
        status = pair.ctl(name, "migrate", "status").json
        assert (status["project"], status["state"]) == (name, "at-head")
    crm = {"env": clean_environment(WOVEN_PROJECT="crm")}
    assert daemon.ctl("migrate", "status", **crm).json["project"] == "crm"
    assert daemon.ctl("--project", "shop", "migrate", "status", **crm).json["project"] == "shop"
    done = pair.ctl("shop", "migrate", "downgrade", "-1").json
    assert [step["revision"] for step in done["steps"]] == [pair.projects["shop"].ids[-1]]
    assert pair.status("crm")["state"] == "at-head" and pair.status("shop")["state"] == "behind"
    assert [entry["revision"] for entry in pair.ctl("crm", "migrate", "log").json["entries"]] == \
        pair.projects["crm"].ids[::-1]
    assert pair.ctl("shop", "migrate", "wait", pair.projects["shop"].ids[0]).json["current"]


def test_a_name_is_wanted_and_must_be_known(pair):
    daemon = pair.daemon
    for command in (["migrate", "status"], ["migrate", "upgrade", "head"], ["daemon", "step-down"]):
        error = daemon.ctl(*command, expect=2).error
        assert error["code"] == "PROJECT_REQUIRED" and "shop, crm" in error["hint"]
    for command in (["migrate", "status"], ["daemon", "ping"], ["daemon", "status"]):
        error = daemon.ctl("--project", "erp", *command, expect=2).error
        assert error["code"] == "PROJECT_NOT_FOUND" and '"erp"' in error["message"]
        assert "shop, crm" in error["hint"]
    refused = daemon.refused("migrate.status", project=7)
    assert refused["code"] == "INVALID_PARAMS" and '"project"' in refused["message"]
    assert daemon.ctl("daemon", "ping").json["service"] == "wovend"
    assert "--project or WOVEN_PROJECT" in daemon.text("migrate", "status", expect=2).err
    methods = {method["name"]: method for method in daemon.call("rpc.discover")["methods"]}
    for method in methods.values():
        assert "project" in [parameter["name"] for parameter in method["params"]]


def test_one_alone_needs_no_name(rig):
    _, _, daemon = rig.simple(1)
    assert daemon.call("migrate.status", project="woven")["project"] == "woven"
    assert daemon.ctl("--project", "woven", "migrate", "status").json["project"] == "woven"
    error = daemon.ctl("--project", "shop", "migrate", "status", expect=2).error
    assert error["code"] == "PROJECT_NOT_FOUND"
    one = daemon.ctl("migrate", "status", "--all").json["projects"]
    assert [status["project"] for status in one] == ["woven"]
    about = daemon.ctl("daemon", "status").json
    assert about["project"] == about["projects"][0]["project"] == "woven"
    assert about["role"] == about["projects"][0]["role"]


def test_the_status_of_all(pair):
    daemon = pair.daemon
    pair.ctl("shop", "migrate", "upgrade", "head")
    found = {status["project"]: status
             for status in daemon.ctl("migrate", "status", "--all").json["projects"]}
    assert list(found) == ["shop", "crm"]
    assert found["shop"]["state"] == "at-head" and found["crm"]["state"] == "empty"
    assert len(found["crm"]["pending"]) == 3
    lines = daemon.text("migrate", "status", "--all").out.splitlines()
    assert lines[0].split() == ["PROJECT", "STATE", "CURRENT", "PENDING", "ROLE", "DATABASE"]
    assert lines[1].split()[:5] == ["shop", "at-head", pair.projects["shop"].ids[-1], "0", "leader"]
    assert lines[2].split()[:5] == ["crm", "empty", "base", "3", "leader"] and len(lines) == 3
    daemon.ctl("migrate", "status", "--all", "--check-heads", expect=3)
    pair.ctl("shop", "migrate", "status", "--check-heads")
    pair.ctl("crm", "migrate", "status", "--check-heads", expect=3)
    pair.ctl("crm", "migrate", "upgrade", "head")
    daemon.ctl("migrate", "status", "--all", "--check-heads",
               env=clean_environment(WOVEN_PROJECT="crm"))
    assert daemon.ctl("--project", "crm", "migrate", "status", "--all",
                      expect=2).error["code"] == "INVALID_PARAMS"


def test_who_may_ask_one_project_only(house):
    nobody = {name: ["nobody"] for name in ("read", "migrate", "admin")}
    house.start(house.add("shop") | house.add("crm", access=nobody))
    house.lead("shop")
    found = house.daemon.ctl("migrate", "status", "--all", expect=6).json["projects"]
    assert [(one["project"], one.get("state"), one.get("error", {}).get("code"))
            for one in found] == [("shop", "empty", None), ("crm", None, "ACCESS_DENIED")]
    assert "refused" in house.daemon.text("migrate", "status", "--all", expect=6).out
    assert house.ctl("crm", "migrate", "history", expect=6).error["code"] == "ACCESS_DENIED"


def test_a_dozen(house):
    """In one database, with one ledger; all are asked to move at once."""
    shared = house.rig.database()
    names = [f"p{number:02}" for number in range(12)]
    sections = {}
    for name in names:
        sections |= house.add(name, shared, tables=0, version_table=f"{name}_version")
        house.projects[name].add(f"CREATE TABLE {name} (id integer);", f"DROP TABLE {name};",
                                 revision=f"{name}c0ffee00")
    house.start(sections)
    house.lead(*names)
    running = [house.daemon.ctl_process("--project", name, "migrate", "upgrade", "head")
               for name in names]
    assert [process.wait(60) for process in running] == [0] * len(names)
    found = house.daemon.ctl("migrate", "status", "--all", "--check-heads").json["projects"]
    assert [one["project"] for one in found] == names
    assert [one["current"] for one in found] == [[f"{name}c0ffee00"] for name in names]
    assert set(names) <= set(shared.tables())
    assert reloaded(house, *names[1:])["projects"] == names[:1]
    wait_until(lambda: len(house.daemon.call("daemon.status")["projects"]) == 1, "eleven to end")
    assert house.daemon.ctl("migrate", "downgrade", "base").json["outcome"] == "done"


def test_private_servers_are_each_projects_own(house):
    state = str(house.rig.folder / "state")
    house.start({"database": "embedded", "state_directory": state}
                | house.add("shop", "embedded") | house.add("crm", "embedded", tables=3))
    house.lead("woven", "shop", "crm")
    for name in ("shop", "crm"):
        assert house.ctl(name, "migrate", "upgrade", "head").json["outcome"] == "done"
    places = {house.status(name)["database"]["host"] for name in ("shop", "crm", "woven")}
    assert len(places) == 3
    assert house.status("woven")["current"] == []


def test_the_daemon_tells_of_all(pair):
    about = pair.daemon.ctl("daemon", "status").json
    assert about["project"] is None and about["role"] is None
    assert [(one["project"], one["role"], one["database"]["reachable"], one["files"]["revisions"])
            for one in about["projects"]] == [("shop", "leader", True, 2), ("crm", "leader", True, 3)]
    page = pair.daemon.text("daemon", "status").out
    assert "shop" in page and "crm" in page and "reachable" in page
    named = pair.daemon.ctl("--project", "crm", "daemon", "status").json
    assert named["project"] == "crm" and named["files"]["revisions"] == 3
    log = pair.daemon.log_text()
    assert "role[shop]: " in log and "role[crm]: " in log


def test_two_projects_in_one_database(house):
    shared = house.rig.database()
    house.start(house.add("shop", shared, version_table="shop_version")
                | house.add("crm", shared, tables=0, version_table="crm_version"))
    house.projects["crm"].add("CREATE TABLE customer (id integer);", "DROP TABLE customer;",
                              revision="c1c1c1c1c1c1")
    house.lead("shop", "crm")
    for name in ("shop", "crm"):
        house.ctl(name, "migrate", "upgrade", "head")
    assert shared.run("SELECT version_num FROM crm_version") == [("c1c1c1c1c1c1",)]
    assert shared.run("SELECT version_num FROM shop_version") == [(house.projects["shop"].ids[-1],)]
    assert house.status("crm")["ahead"] == house.status("shop")["ahead"] == []
    assert len(house.ctl("crm", "migrate", "log").json["entries"]) == 1
    house.ctl("crm", "migrate", "downgrade", "base")
    assert house.status("shop")["state"] == "at-head"
    locks = shared.value("SELECT count(DISTINCT (classid, objid)) FROM pg_locks "
                         "WHERE locktype = 'advisory' AND granted")
    assert locks == 2


def test_two_names_of_one_database_are_found_out(house):
    """What the settings cannot see: the strings differ, the table is one."""
    shared = house.rig.database()
    house.start(house.add("shop", shared))
    house.lead("shop")
    house.ctl("shop", "migrate", "upgrade", "head")
    reloaded(house, **house.add("crm", f"{shared.conninfo} connect_timeout=7", tables=0))
    error = wait_until(lambda: house.status("crm")["database"].get("error"), "crm to be refused")
    assert error["code"] == "PROJECT_CONFLICT" and '"shop"' in error["message"]
    assert "version_table" in error["hint"]
    house.projects["crm"].add("CREATE TABLE customer (id integer);", revision="c1c1c1c1c1c1")
    refused = house.ctl("crm", "migrate", "upgrade", "head", expect=6)
    assert refused.json["error"]["code"] == "PROJECT_CONFLICT"
    assert shared.heads() == [house.projects["shop"].ids[-1]]
    assert "customer" not in shared.tables()
    house.daemon.settings['database "crm"']["version_table"] = "crm_version"
    reloaded(house)
    house.lead("crm")
    assert house.ctl("crm", "migrate", "upgrade", "head").json["outcome"] == "done"
    assert house.status("shop")["state"] == "at-head"


def test_one_that_steps_down_takes_no_other_along(pair):
    assert pair.ctl("crm", "daemon", "step-down").json["stepped_down"] is True
    assert pair.status("crm")["role"] == "standby" and pair.status("shop")["role"] == "leader"


def moves_on(house, name):
    """All that a project can do."""
    assert house.ctl(name, "migrate", "upgrade", "head").json["outcome"] == "done"
    assert house.status(name)["state"] == "at-head"
    assert house.ctl(name, "migrate", "verify").json
    assert house.ctl(name, "migrate", "downgrade", "base").json["outcome"] == "done"
    assert house.daemon.ctl("--project", name, "daemon", "status").json["role"] == "leader"


@contextlib.contextmanager
def frozen(cluster, database):
    """A server that takes connections, or keeps them, and never answers."""
    stopped = [cluster.process.pid] + [row[0] for row in database.run(
        "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)


def test_a_server_that_hangs_is_its_own_projects_trouble(house):
    other = Cluster().start()
    house.rig.defer(other.remove)
    database = other.new_database()
    house.start(house.add("shop") | house.add("crm", database))
    house.lead("shop", "crm")
    with house.daemon.client() as waiting:
        with frozen(other, database):
            job = waiting.request("migrate.upgrade", project="crm", target="head")
            moves_on(house, "shop")
            found = {one["project"]: one for one in
                     house.daemon.ctl("migrate", "status", "--all").json["projects"]}
            assert found["shop"]["state"] == "empty" and found["shop"]["database"]["reachable"]
            assert found["crm"].get("stale") or found["crm"]["state"] == "unreachable"
        # Either it went on where it was, or the daemon had given the server up by then.
        ended = waiting.answer(job)["result"]
    assert ended["outcome"] == "done" or ended["error"]["code"] in (
        "DATABASE_UNREACHABLE", "CONNECTION_LOST")


def test_a_project_goes_while_its_server_hangs(house):
    other = Cluster().start()
    house.rig.defer(other.remove)
    database = other.new_database()
    house.start(house.add("shop") | house.add("crm", database) | house.add("erp", other.new_database()))
    house.lead("shop", "crm", "erp")
    with frozen(other, database):
        assert reloaded(house, "crm")["projects"] == ["shop", "erp"]
        moves_on(house, "shop")
        wait_until(lambda: [one["project"] for one in house.daemon.call("daemon.status")["projects"]]
                   == ["shop", "erp"], "crm to end", 60)
        house.daemon.signal(signal.SIGTERM)
        assert house.daemon.wait(60) == 0


def test_a_server_that_never_answers_a_connection(house):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        nobody = f"host=127.0.0.1 port={port} user=nobody dbname=x"
        house.start(house.add("shop") | house.add("crm", nobody, timeouts={"connect": "1h"}))
        house.lead("shop")
        moves_on(house, "shop")
        assert house.status("crm")["state"] == "unreachable"
        assert house.ctl("crm", "migrate", "heads").json["revisions"]


def test_a_blocked_job_blocks_no_other_project(house):
    house.start_gated()
    with house.daemon.client() as client:
        job = client.request("migrate.upgrade", project="crm", target="head")
        client.wait_event("statement")
        moves_on(house, "shop")
        running = house.status("crm")["job"]
        assert running["state"] == "running" or running["step"]
        assert house.status("shop")["job"] is None
        open_gate(house.databases["crm"])
        assert client.answer(job)["result"]["outcome"] == "done"


def test_one_whose_database_is_away_waits_alone(house):
    other = Cluster().start()
    house.rig.defer(other.remove)
    house.start(house.add("shop") | house.add("crm", other.new_database()))
    house.lead("shop", "crm")
    other.stop()
    wait_until(lambda: house.status("crm")["state"] == "unreachable", "crm to be away")
    moves_on(house, "shop")
    other.start()
    house.lead("crm")
    moves_on(house, "crm")


def reloaded(house, *drop, **sections):
    settings = house.daemon.settings
    for name in drop:
        del settings[f'database "{name}"']
    settings.update(sections)
    house.daemon.write_conf()
    return house.daemon.ctl("daemon", "reload").json


def test_reload_adds_and_removes_projects_and_leaves_others_alone(pair):
    shop, crm = (pair.databases[name] for name in ("shop", "crm"))
    wait_until(lambda: len(backends(shop, "shop")) == 2, "both connections")
    before = backends(shop, "shop")
    told = reloaded(pair, "crm", **pair.add("erp", tables=1))
    assert told["projects"] == ["shop", "erp"] and told["revisions"] == 3
    pair.lead("erp")
    pair.ctl("erp", "migrate", "upgrade", "head")
    assert pair.ctl("crm", "migrate", "status", expect=2).error["code"] == "PROJECT_NOT_FOUND"
    wait_until(lambda: not backends(crm, "crm"), "the connections of crm to end")
    wait_until(lambda: "crm" not in str(pair.daemon.ctl("daemon", "status").json["projects"]),
               "crm to be forgotten")
    assert backends(shop, "shop") == before
    # Back again, and another one alone needs no name.
    crm_section = {'database "crm"': {"database": crm.conninfo,
                                      "versions": [str(pair.projects["crm"].versions)]}}
    assert reloaded(pair, "erp", **crm_section)["projects"] == ["shop", "crm"]
    pair.lead("crm")
    pair.ctl("crm", "migrate", "upgrade", "head")
    assert reloaded(pair, "crm")["projects"] == ["shop"]
    assert pair.daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert backends(shop, "shop") == before


def test_reload_changes_one_project(pair):
    before = backends(pair.databases["shop"], "shop")
    pair.daemon.settings['database "crm"']["access"] = {"migrate": ["nobody"]}
    reloaded(pair)
    assert pair.ctl("crm", "migrate", "upgrade", "head", expect=6).error["code"] == "ACCESS_DENIED"
    assert pair.ctl("shop", "migrate", "upgrade", "head").json["outcome"] == "done"
    assert before <= backends(pair.databases["shop"], "shop")


def test_a_removed_project_ends_its_job_first(house):
    house.start_gated()
    with house.daemon.client() as client, house.daemon.client() as waiting:
        job = client.request("migrate.upgrade", project="crm", target="head")
        wait = waiting.request("migrate.wait", project="crm")
        client.wait_event("statement")
        waiting.wait_event("waiting")
        reloaded(house, "crm")
        error = waiting.answer(wait)["error"]["data"]
        assert error["code"] == "SHUTTING_DOWN" and '"crm"' in error["message"]
        projects = house.daemon.call("daemon.status")["projects"]
        assert [(one["project"], one["stopping"]) for one in projects] == [
            ("shop", False), ("crm", True)]
        moves_on(house, "shop")
        open_gate(house.databases["crm"])
        assert client.answer(job)["result"]["outcome"] == "done"
    wait_until(lambda: len(house.daemon.call("daemon.status")["projects"]) == 1, "crm to end")


def test_the_job_of_a_removed_project_can_be_cancelled(house):
    house.start_gated()
    with house.daemon.client() as client, house.daemon.client() as other:
        job = client.request("migrate.upgrade", project="crm", target="head")
        number = client.wait_event("statement")["job"]
        reloaded(house, "crm")
        # Rights are those of the project that has the job; another one's name finds nothing.
        assert other.refused("migrate.cancel", project="shop", job=number)["code"] == "NO_SUCH_JOB"
        assert other.refused("migrate.cancel", project="crm", job=number + 1)["code"] == "PROJECT_NOT_FOUND"
        assert other.call("migrate.cancel", job=number)["outcome"] == "cancelled"
        assert client.answer(job)["result"]["outcome"] == "cancelled"
    assert house.databases["crm"].heads() == []


def test_a_project_that_is_removed_and_comes_back_while_its_job_runs(house):
    """For a while there are two of it: each is an instance of its own, and one of them leads."""
    sections = house.start_gated()
    database = house.databases["crm"]

    def instances():
        return dict(database.run("SELECT id::text, role FROM woven.instance"))

    with house.daemon.client() as client, house.daemon.client() as other:
        job = client.request("migrate.upgrade", project="crm", target="head")
        client.wait_event("statement")
        (former,) = wait_until(instances, "the instance to be seen")
        reloaded(house, "crm")
        reloaded(house, **sections)
        wait_until(lambda: sorted(instances().values()) == ["leader", "standby"], "both to be seen")
        assert instances()[former] == "leader"
        wait_until(lambda: house.status("crm")["running"], "the job to be seen")
        status = house.status("crm")
        assert status["role"] == "standby" and status["running"]["kind"] == "upgrade"
        assert [one["self"] for one in status["instances"]].count(True) == 1
        late = other.request("migrate.upgrade", project="crm", target="head")
        assert other.wait_event("waiting")["before"] == 0
        open_gate(database)
        assert client.answer(job)["result"]["outcome"] == "done"
        assert other.answer(late)["result"]["outcome"] == "nothing-to-do"
    house.lead("crm")
    wait_until(lambda: list(instances().values()) == ["leader"] and former not in instances(),
               "the former one to be gone")


def test_daemon_status_tells_of_a_project_whom_it_lets_read(house):
    nobody = ["4242"]
    house.start(house.add("shop") | house.add("crm", access={"read": nobody, "migrate": nobody, "admin": nobody}))
    status = house.daemon.call("daemon.status")
    shop, crm = status["projects"]
    assert shop["files"]["revisions"] == 2 and shop["role"]
    assert sorted(crm) == ["error", "project"] and crm["error"]["code"] == "ACCESS_DENIED"
    named = house.daemon.call("daemon.status", project="crm")
    assert named["project"] == "crm" and named["files"] is None and named["job"] is None
    out = house.daemon.text("daemon", "status").out
    assert "may not call daemon.status" in out


def test_a_stop_in_the_middle_of_a_removal(house):
    house.start_gated(timeouts={"grace": "1h"})
    with house.daemon.client() as client:
        job = client.request("migrate.upgrade", project="crm", target="head")
        client.wait_event("statement")
        reloaded(house, "crm")
        with house.daemon.logs("shutdown.*stopping"):
            house.daemon.signal(signal.SIGTERM)
        house.daemon.signal(signal.SIGTERM)
        assert client.answer(job)["result"]["outcome"] == "cancelled"
    assert house.daemon.wait() == 0


def test_one_that_has_stopped_says_so_while_another_still_works(house):
    house.start_gated(timeouts={"grace": "1h"})
    with house.daemon.client() as client, house.daemon.client() as other:
        job = client.request("migrate.upgrade", project="crm", target="head")
        client.wait_event("statement")
        assert other.call("migrate.status", project="shop")["role"] == "leader"
        house.daemon.signal(signal.SIGTERM)
        wait_until(lambda: not backends(house.databases["shop"], "shop"), "shop to end")
        for method in ("migrate.status", "migrate.current", "migrate.log", "migrate.verify"):
            assert other.refused(method, project="shop")["code"] == "SHUTTING_DOWN", method
        assert other.call("migrate.status", project="crm")["job"]["kind"] == "upgrade"
        open_gate(house.databases["crm"])
        assert client.answer(job)["result"]["outcome"] == "done"
    assert house.daemon.wait() == 0


def test_faults_of_all_projects_come_at_once(house):
    sections = house.add("shop") | house.add("crm")
    house.start(sections)
    for name in ("shop", "crm"):
        (house.projects[name].versions / "x_bad.sql").write_text("-- revision: x\n-- down_revision: nowhere\n-- woven:up\n")
    told = run_daemon("--check", "-c", house.daemon.conf)
    assert told.status == 1
    for name in ("shop", "crm"):
        assert f"/{name}/versions/x_bad.sql" in told.err
    text = house.daemon.conf.read_text() + 'database "shop" { }\ndatabase "x" { project = "crm" }\n'
    house.daemon.conf.write_text(text)
    lines = [number for number, line in enumerate(text.splitlines(), 1)
             if line.startswith("database \"")]
    told = run_daemon("--check", "-c", house.daemon.conf)
    assert told.status == 1
    assert f'{house.daemon.conf}:{lines[2]}: there is a section database "shop" already, ' \
        f"at line {lines[0]}" in told.err
    assert f'{house.daemon.conf}:{lines[3]}: there is a project "crm" already, ' \
        f"at line {lines[1]}" in told.err
    assert house.daemon.ctl("daemon", "reload", expect=1).error["code"] == "CONFIG_ERROR"
    assert house.ctl("crm", "migrate", "status").json["project"] == "crm"


@pytest.mark.parametrize("change", ["removed", "not the only one", "not the caller's any more"])
def test_a_lock_is_given_back_whatever_has_become_of_the_project(house, change):
    sections = house.add("crm")
    if change == "removed":
        sections |= house.add("shop")
    house.start(sections)
    house.lead("crm")
    name = ["--project", "crm"] if change == "removed" else []
    go, started = house.rig.folder / "go", house.rig.folder / "started"
    script = f"touch {started}; while [ ! -e {go} ]; do sleep 0.02; done"
    process = house.daemon.ctl_process(*name, "run-locked", "--", "sh", "-c", script)
    wait_until(started.exists, "the command to run")
    if change == "removed":
        reloaded(house, "crm")
    elif change == "not the only one":
        reloaded(house, **house.add("shop"))
    else:
        sections['database "crm"']["access"] = {"migrate": ["4242"]}
        reloaded(house, **sections)
        assert house.daemon.refused("migrate.upgrade", target="head")["code"] == "ACCESS_DENIED"
        assert house.daemon.refused("lock.release", job=1, exit_status=0)["code"] == "ACCESS_DENIED"
    go.touch()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert house.databases["crm"].run("SELECT outcome, error FROM woven.history") == [
        ("done", "sh ended with exit status 0")]
