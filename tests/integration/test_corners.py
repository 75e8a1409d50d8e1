"""Corners of a daemon's life: names that need quoting, a full disk, signals and settings in the middle
of a job, descriptors."""

import contextlib
import json
import os
import signal
import subprocess

import pytest

from rig.programs import WOVEND, clean_environment
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def gated(rig, **settings):
    project = rig.project(**settings)
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add(f"CREATE TABLE half ();\n{WAIT_AT_GATE};", "DROP TABLE half;")
    return project


def wait_at_gate(daemon):
    wait_until(lambda: (job := daemon.status()["job"])
               and job.get("statement", {}).get("number") == 2, "the gate to be reached")


def test_names_that_need_quoting(rig):
    project = rig.project(version_table='we"ird Näme', version_table_schema='Sche"ma x',
                          ledger_schema="Led'ger\"; --", project="pro'ject\"%s$$")
    project.add("CREATE TABLE public.a ();\nSET search_path = '';", "DROP TABLE public.a;")
    project.add("CREATE INDEX CONCURRENTLY b_i ON public.b (i);",
                "DROP INDEX CONCURRENTLY public.b_i;",
                up_options="transaction=off", down_options="transaction=off")
    database = rig.database()
    database.run('CREATE SCHEMA "Sche""ma x"; CREATE TABLE b (i integer)')
    daemon = rig.leader(project, database)

    def rows():
        return [row for (row,) in database.run('SELECT * FROM "Sche""ma x"."we""ird Näme"')]

    for command, left in ((["upgrade", "head"], project.ids[1:]), (["downgrade", "base"], []),
                          (["stamp", "head"], project.ids[1:]), (["stamp", "--purge", "base"], []),
                          (["upgrade", "head"], project.ids[1:])):
        assert daemon.ctl("migrate", *command).json["outcome"] == "done"
        assert rows() == left


@pytest.mark.parametrize("path", [None, 'app, "$user", public'])
def test_a_role_that_is_called_like_the_ledger(rig, cluster, path):
    """What it makes is not put among the daemon's own tables, which "$user" would mean."""
    project = rig.project()
    project.add("CREATE TABLE a ();\nSET search_path = pg_catalog;", "DROP TABLE a;")
    project.add("CREATE TABLE b ();", "DROP TABLE b;")
    project.add("SELECT 1;", "SELECT 1;", up_options="transaction=off")
    project.add("CREATE TABLE c ();", "DROP TABLE c;")
    database = rig.database()
    database.run(f"CREATE ROLE woven LOGIN; ALTER DATABASE {database.name} OWNER TO woven")
    if path is not None:
        database.run(f"ALTER ROLE woven SET search_path = {path}")
    try:
        daemon = rig.leader(project, f"host={cluster.sockets} user=woven dbname={database.name}")
        assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
        daemon.stop()
        daemon.start()
        daemon.wait_role("leader")
        assert database.tables() == ["a", "b", "c"]
        assert daemon.status()["state"] == "at-head"
        assert daemon.ctl("migrate", "downgrade", "base").json["outcome"] == "done"
        daemon.stop()
    finally:
        database.run("DROP OWNED BY woven CASCADE; ALTER DATABASE "
                     f"{database.name} OWNER TO postgres; DROP ROLE woven")


def test_log_on_a_full_disk(rig):
    project = rig.project()
    project.add_tables(2)
    daemon = rig.daemon(project, rig.database(), start=False)
    with open("/dev/full", "wb") as full:
        daemon.process = subprocess.Popen([WOVEND, "-c", str(daemon.conf)], stdout=full,
                                          stderr=full, env=clean_environment())
    wait_until(lambda: daemon.socket.exists() and daemon.answers(), "the daemon to answer")
    daemon.wait_role("leader")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_job_ends_in_the_database_in_which_it_began(rig):
    project, one, two = gated(rig), rig.database(), rig.database()
    daemon = rig.leader(project, one)
    upgrade = daemon.ctl_process("migrate", "upgrade", "head")
    wait_at_gate(daemon)
    daemon.write_conf(database=two.conninfo)
    with daemon.logs("was read again"):
        daemon.signal(signal.SIGHUP)
    open_gate(one)
    assert json.loads(upgrade.communicate(timeout=60)[0])["outcome"] == "done"
    assert one.heads() == [project.ids[1]]
    wait_until(lambda: (status := daemon.status())["role"] == "leader"
               and status["database"]["name"] == two.name, "the other database")
    daemon.ctl("migrate", "upgrade", "+1")
    assert two.heads() == [project.ids[0]]


def test_many_signals_and_no_grace(rig):
    project, database = gated(rig, timeouts={"grace": "0"}), rig.database()
    daemon = rig.leader(project, database)
    running = daemon.ctl_process("migrate", "upgrade", "head")
    wait_at_gate(daemon)
    waiting = daemon.ctl_process("migrate", "upgrade", "head")
    wait_until(lambda: daemon.call("daemon.status")["jobs_waiting"] == 1, "the second job")
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        daemon.signal(number)
    assert json.loads(running.communicate(timeout=60)[0])["outcome"] == "cancelled"
    assert json.loads(waiting.communicate(timeout=60)[0])["steps"] == []
    assert running.returncode == 7 and waiting.returncode != 0 and daemon.wait() == 0
    assert database.heads() == [project.ids[0]] and database.tables() == ["gate"]


def test_descriptors_do_not_leak_and_are_not_inherited(rig):
    _, database, daemon = rig.simple(1)
    folder = f"/proc/{daemon.process.pid}"
    before = len(os.listdir(folder + "/fd"))
    for _ in range(20):
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE application_name LIKE 'wovend%'")
        daemon.status()
        daemon.signal(signal.SIGHUP)
        with daemon.client() as client:
            client.send_bytes(b'{"')
    daemon.wait_role("leader")
    wait_until(lambda: len(os.listdir(folder + "/fd")) <= before + 2, "descriptors to be closed")
    for number in os.listdir(folder + "/fd"):
        # One that is closed meanwhile has not leaked.
        with contextlib.suppress(FileNotFoundError):
            with open(f"{folder}/fdinfo/{number}", encoding="ascii") as info:
                flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags"))
            assert int(number) < 3 or flags & os.O_CLOEXEC, os.readlink(f"{folder}/fd/{number}")
