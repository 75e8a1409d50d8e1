"""`database = embedded`: the daemon's own PostgreSQL, from an empty host to a schema, its end with the
daemon in whatever way that ends, and what a user is told when it cannot run."""

import json
import os
import pathlib
import pwd
import shutil
import signal
import stat
import subprocess

import pytest

from rig.daemon import Daemon
from rig.programs import postgres_program
from rig.schema import scratch_of
from rig.waiting import wait_until


def embedded(rig, project=None, *, tables=2, start=True, **settings):
    if project is None:
        project = rig.project()
        project.add_tables(tables)
    settings.setdefault("state_directory", str(rig.folder / "state"))
    return rig.daemon(project, "embedded", start=start, settings=settings)


def servers(rig):
    """The pids of all servers whose data is below the rig's folder."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            where = os.readlink(process / "cwd")
        except OSError:
            continue
        if words[0].endswith(b"/postgres") and where.startswith(str(rig.folder)):
            found.append(int(process.name))
    return found


def data_folder(rig):
    return next((rig.folder / "state" / "postgres").glob("database-*"))


def query(daemon, sql):
    database = daemon.status()["database"]
    done = subprocess.run(
        [postgres_program("psql"), "-XAtq", "-h", database["host"], "-U", database["user"], "-c",
         sql, database["name"]], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_from_nothing_to_a_schema(rig):
    daemon = embedded(rig)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    status = daemon.status()
    assert (status["role"], status["state"]) == ("leader", "at-head")
    assert status["database"]["name"] == "woven" and status["database"]["user"] == "postgres"
    assert query(daemon, "SELECT count(*) FROM t2") == "0"
    assert query(daemon, "SHOW fsync") == "on"
    assert query(daemon, "SHOW listen_addresses") == ""


def test_it_ends_with_the_daemon_and_keeps_its_data(rig):
    daemon = embedded(rig)
    daemon.ctl("migrate", "upgrade", "head")
    query(daemon, "INSERT INTO t1 VALUES (42)")
    daemon.stop()
    assert servers(rig) == []
    daemon.start()
    daemon.wait_role("leader")
    assert daemon.status()["state"] == "at-head"
    assert query(daemon, "SELECT id FROM t1") == "42"


def test_it_dies_with_a_daemon_that_is_killed(rig):
    daemon = embedded(rig)
    daemon.ctl("migrate", "upgrade", "head")
    query(daemon, "INSERT INTO t1 VALUES (42)")
    assert servers(rig)
    daemon.kill()
    wait_until(lambda: not servers(rig), "no server to be left")
    daemon.start()
    daemon.wait_role("leader")
    assert query(daemon, "SELECT id FROM t1") == "42"


def test_a_daemon_killed_at_any_moment_of_the_first_start(rig):
    """Nothing half made is taken for a data directory, and nothing is left behind."""
    project = rig.project()
    project.add_tables(1)
    state = rig.folder / "state" / "postgres"
    for moment in ("run-*", "run-*/pg/data/base", "database-*/pg", "database-*/pg/*",
                   "database-*/pg/data/postmaster.pid"):
        shutil.rmtree(rig.folder / "state", ignore_errors=True)
        daemon = Daemon(project, rig.folder, "victim", "embedded",
                        settings={"state_directory": str(rig.folder / "state")})
        daemon.launch()
        wait_until(lambda name=moment: list(state.glob(name)), f"{moment} to be made")
        daemon.kill()
        wait_until(lambda: not servers(rig), "no server to be left")
        daemon.start()
        daemon.wait_role("leader")
        assert not list(state.glob("run-*"))
        daemon.stop()


def test_the_server_dies_alone(rig):
    daemon = embedded(rig)
    daemon.ctl("migrate", "upgrade", "head")
    postmaster = int((data_folder(rig) / "pg/data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: servers(rig) and postmaster not in servers(rig), "another server")
    wait_until(lambda: daemon.status()["state"] == "at-head", "what the old server had")


def gated_programs(rig):
    """Server programs that begin when a file is there, which the second path names."""
    slow = rig.folder / "slow"
    slow.mkdir()
    gate = rig.folder / "gate"
    real = pathlib.Path(postgres_program("postgres")).parent
    for name in ("initdb", "postgres"):
        (slow / name).write_text(
            f"#!/bin/sh\nif [ \"$1\" != --version ]; then\n"
            f"while [ ! -e {gate} ]; do sleep 0.05; done\nfi\nexec {real}/{name} \"$@\"\n")
        (slow / name).chmod(0o755)
    return slow, gate


def test_what_needs_the_database_waits_while_the_server_starts(rig):
    slow, gate = gated_programs(rig)
    project = rig.project(models="models")
    (project.folder / "models").mkdir()
    (project.folder / "models/a.sql").write_text("CREATE TABLE a ();\n")
    daemon = embedded(rig, project, postgres_bin=str(slow), scratch=scratch_of(rig.cluster))
    job = daemon.ctl_process("migrate", "check")
    wait_until(lambda: "private PostgreSQL to start" in ((daemon.status()["job"] or {}).get("waiting") or ""),
               "the job to wait")
    gate.touch()
    found = json.loads(job.communicate(timeout=120)[0])
    assert job.returncode == 3 and not [note for note in found["notes"] if "not reached" in note], found


def test_a_job_that_waits_for_its_server_says_so_and_is_cancelled(rig):
    slow, _ = gated_programs(rig)
    project, database = rig.project(), rig.database()
    daemon = rig.leader(project, database, settings={"scratch": "embedded", "postgres_bin": str(slow),
                                                     "state_directory": str(rig.folder / "state")})
    job = daemon.ctl_process("migrate", "dump", "base")
    wait_until(lambda: (daemon.status()["job"] or {}).get("waiting") == "starting a private PostgreSQL"
               and list((rig.folder / "state/postgres").glob("run-*/pg")), "the job to wait")
    job.send_signal(signal.SIGINT)
    error = json.loads(job.communicate(timeout=60)[0])["error"]
    assert job.returncode == 7
    assert error["message"] == "cancelled while a private PostgreSQL was started"
    assert not list((rig.folder / "state/postgres").glob("run-*"))


def test_the_socket_answers_while_the_server_starts(rig):
    """A server that takes its time: status says what goes on, and a job waits for it."""
    slow, gate = gated_programs(rig)
    daemon = embedded(rig, postgres_bin=str(slow))
    status = wait_until(lambda: "error" in (found := daemon.status())["database"] and found,
                        "the reason")
    assert status["role"] == "connecting"
    assert "is starting" in status["database"]["error"]["message"]
    assert not status["database"]["reachable"]
    log = daemon.refused("migrate.log")
    assert "is starting" in log["message"], log
    job = daemon.ctl_process("migrate", "upgrade", "head")
    gate.touch()
    assert job.communicate(timeout=120)[0] and job.returncode == 0
    assert daemon.status()["state"] == "at-head"


def test_a_stop_does_not_wait_for_a_server_that_starts(rig):
    slow = rig.folder / "slow"
    slow.mkdir()
    for name in ("initdb", "postgres"):
        (slow / name).write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'postgres (x) 99.1' &&"
                                 " exit\nexec sleep 1000\n")
        (slow / name).chmod(0o755)
    daemon = embedded(rig, postgres_bin=str(slow))
    wait_until(lambda: list((rig.folder / "state/postgres").glob("run-*/pg")), "initdb")
    daemon.stop()
    assert not list((rig.folder / "state/postgres").glob("run-*"))


def test_no_programs(rig):
    daemon = embedded(rig, postgres_bin=str(rig.folder))
    daemon.wait_role("refused")
    error = daemon.status()["database"]["error"]
    assert error["code"] == "SERVER_FAILED" and str(rig.folder) in error["message"], error
    assert "postgres_bin" in error["hint"]
    done = daemon.ctl("migrate", "upgrade", "head", expect=1)
    assert done.json["error"]["code"] == "SERVER_FAILED", done
    told = daemon.text("migrate", "status", expect=None)
    assert "postgres_bin" in told.out, told


def test_a_server_that_does_not_start_says_why(rig):
    daemon = embedded(rig)
    daemon.ctl("migrate", "upgrade", "head")
    daemon.stop()
    conf = data_folder(rig) / "pg/data/postgresql.conf"
    conf.write_text(conf.read_text() + "\nno_such_setting = 7\n")
    daemon.start()
    daemon.wait_role("refused")
    error = daemon.status()["database"]["error"]
    assert "no_such_setting" in error["detail"], error


def test_two_daemons_of_one_project(rig):
    first = embedded(rig)
    first.wait_role("leader")
    second = embedded(rig, first.project)
    second.wait_role("refused")
    error = second.status()["database"]["error"]
    assert f"another wovend, pid {first.process.pid}" in error["message"], error
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_two_projects_do_not_share_a_server(rig):
    first = embedded(rig)
    second = embedded(rig, tables=1)
    assert first.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert query(first, "SELECT count(*) FROM pg_tables WHERE tablename ~ '^t[0-9]'") == "2"
    assert query(second, "SELECT count(*) FROM pg_tables WHERE tablename ~ '^t[0-9]'") == "1"


def test_one_daemon_of_two_projects(rig):
    """Each has a server of its own; one that cannot run disturbs the other not."""
    project = rig.project()
    project.add_tables(1)
    daemon = rig.daemon(project, "embedded", settings={
        "project": "first", "state_directory": str(rig.folder / "state"),
        'database "second"': {"database": "embedded"},
        'database "third"': {"database": "embedded", "postgres_bin": str(rig.folder)}})
    daemon.ctl("--project", "first", "migrate", "upgrade", "head")
    daemon.ctl("--project", "second", "migrate", "upgrade", "head")
    error = daemon.ctl("--project", "third", "migrate", "upgrade", "head", expect=1).json["error"]
    assert error["code"] == "SERVER_FAILED"
    hosts = {name: daemon.ctl("--project", name, "migrate", "status").json["database"]["host"]
             for name in ("first", "second")}
    assert hosts["first"] != hosts["second"]
    daemon.stop()
    assert servers(rig) == []


def test_reload_to_another_database_ends_it(rig):
    daemon = embedded(rig)
    daemon.ctl("migrate", "upgrade", "head")
    daemon.write_conf(database=rig.database().conninfo)
    daemon.ctl("daemon", "reload")
    wait_until(lambda: not servers(rig), "the private server to end")
    wait_until(lambda: daemon.status()["state"] == "empty" or daemon.status()["pending"],
               "the other database")
    daemon.write_conf(database="embedded")
    daemon.ctl("daemon", "reload")
    wait_until(lambda: daemon.status()["state"] == "at-head", "the private server again")


def test_the_environment_has_no_say(rig):
    daemon = rig.daemon(rig.project(), "embedded", env={
        "PGHOST": "/nonexistent", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1", "PGUSER": "nobody",
        "PGOPTIONS": "-c nonsense=1", "PGREQUIREPEER": "nobody", "PGDATA": "/nonexistent",
        "PGTARGETSESSIONATTRS": "standby",
    }, settings={"state_directory": str(rig.folder / "state")})
    daemon.wait_role("leader")


@pytest.mark.skipif(os.geteuid() != 0, reason="the server runs as another user only under root")
def test_data_goes_over_to_whoever_runs_the_server(rig):
    daemon = embedded(rig, postgres_user="postgres")
    daemon.ctl("migrate", "upgrade", "head")
    data = data_folder(rig) / "pg/data"
    assert data.stat().st_uid == pwd.getpwnam("postgres").pw_uid
    query(daemon, "INSERT INTO t1 VALUES (42)")
    daemon.stop()
    daemon.write_conf(postgres_user="")
    daemon.start()
    daemon.wait_role("leader")
    assert {path.lstat().st_uid for path in (data, *data.rglob("*"))} == {data.stat().st_uid}
    assert data.stat().st_uid >= 61184 and query(daemon, "SELECT id FROM t1") == "42"


@pytest.mark.skipif(os.geteuid() != 0, reason="the server runs as another user only under root")
def test_root_runs_it_as_an_unprivileged_user(rig):
    daemon = embedded(rig)
    daemon.wait_role("leader")
    inner = data_folder(rig) / "pg"
    owner = inner.stat().st_uid
    assert 61184 <= owner < 65520, "nobody's: neither postgres nor any other service's"
    with pytest.raises(KeyError):
        pwd.getpwuid(owner)
    assert (inner.stat().st_uid, stat.S_IMODE(inner.stat().st_mode)) == (owner, 0o700)
    assert {pathlib.Path(f"/proc/{pid}").stat().st_uid for pid in servers(rig)} == {owner}
    other = embedded(rig, postgres_user="nobody", state_directory=str(rig.folder / "other"))
    other.wait_role("leader")
    third = embedded(rig, postgres_user="no such user", state_directory=str(rig.folder / "third"))
    third.wait_role("refused")
    assert "postgres_user" in third.status()["database"]["error"]["hint"]
    closed = rig.folder / "closed"
    closed.mkdir(mode=0o700)
    fourth = embedded(rig, state_directory=str(closed / "state"))
    fourth.wait_role("refused")
    assert f"{closed} lets nobody else pass" in fourth.status()["database"]["error"]["message"]


@pytest.mark.skipif(os.getuid() != 0, reason="as root the server is somebody else's")
def test_a_folder_that_the_server_passes_by_one_of_its_groups(rig):
    groups = [g for g in os.getgrouplist("postgres", pwd.getpwnam("postgres").pw_gid)
              if g != pwd.getpwnam("postgres").pw_gid]
    if not groups:
        pytest.skip("postgres is in no other group")
    place = rig.folder / "closed"
    place.mkdir()
    os.chown(place, 0, groups[0])
    place.chmod(0o750)
    daemon = embedded(rig, postgres_user="postgres", state_directory=str(place / "deep/state"))
    daemon.wait_role("leader")
    daemon.stop()
    # Whoever is of the group gets the group's bits and no others, so it may not pass here.
    place.chmod(0o705)
    daemon.start()
    daemon.wait_role("refused")
    assert f"{place} lets nobody else pass" in daemon.status()["database"]["error"]["message"]


@pytest.mark.skipif(os.getuid() != 0, reason="as root the server is somebody else's")
def test_folders_that_the_server_has_to_pass(rig):
    """Those that are made let it pass whatever the umask is; one that does not is named."""
    place = rig.folder / "closed"
    daemon = embedded(rig, start=False, state_directory=str(place / "deep/state"))
    umask = ("/bin/sh", "-c", 'umask 077; exec "$@"', "sh")
    daemon.start(prefix=umask)
    daemon.wait_role("leader")
    daemon.stop()
    place.chmod(0o700)
    daemon.start(prefix=umask)
    daemon.wait_role("refused")
    error = daemon.status()["database"]["error"]
    assert error["message"].startswith("cannot start a private PostgreSQL: " + str(place) + " lets nobody"), error
    assert "chmod o+x" in error["hint"]
