"""What a step may do to its session, to the daemon's memory and to the ledger."""

import contextlib
import os
import resource

import pytest
from rig.programs import SANITIZER
from rig.waiting import wait_until

OFF = "transaction=off"


def resident_kib(daemon):
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def assert_grew_less(daemon, before, mib):
    """Not for a sanitizer, which holds back what is freed and keeps shadows of it."""
    grown = resident_kib(daemon) - before
    assert SANITIZER or grown < mib * 1024


def cpu_seconds(daemon):
    with open(f"/proc/{daemon.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_flood_of_notices_is_bounded(rig):
    project = rig.project()
    project.add("DO $$ BEGIN FOR i IN 1..400000 LOOP RAISE NOTICE 'notice % %', i, repeat('x', 100);"
                " END LOOP; END $$;")
    daemon = rig.leader(project, rig.database(), settings={"log_level": "info"})
    before = resident_kib(daemon)
    daemon.ctl("migrate", "upgrade", "head", seconds=120)
    assert_grew_less(daemon, before, 40)


def test_a_huge_notice_and_a_huge_error(rig):
    project = rig.project()
    project.add("DO $$ BEGIN RAISE NOTICE '%', repeat('n', 30000000); END $$;")
    project.add("DO $$ BEGIN RAISE EXCEPTION '%', repeat('e', 30000000)"
                " USING DETAIL = repeat('d', 30000000), HINT = repeat('h', 30000000); END $$;")
    daemon = rig.leader(project, rig.database(), settings={"log_level": "info"})
    result = daemon.ctl("migrate", "upgrade", "head", expect=1, seconds=120).json
    assert result["error"]["sqlstate"] == "P0001"
    assert len(result["error"]["message"]) < 20000
    assert len(daemon.log_text()) < 1000000
    assert daemon.status()["state"] == "behind"


def test_million_rows(rig):
    project = rig.project()
    project.add("SELECT g, repeat('x', 100) FROM generate_series(1, 1000000) g;")
    project.add("SELECT g, repeat('x', 100) FROM generate_series(1, 1000000) g;", up_options=OFF)
    daemon = rig.leader(project, rig.database())
    before = resident_kib(daemon)
    daemon.ctl("migrate", "upgrade", "head", seconds=120)
    assert_grew_less(daemon, before, 10)


def test_listen_in_a_step_does_not_keep_the_daemon_busy(rig):
    project = rig.project()
    project.add("LISTEN somewhere;\nNOTIFY somewhere;")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    database.run("NOTIFY somewhere, 'one'")
    daemon.status()
    seen = []

    def rests():
        """Half a second of looks finds no processor time used: a busy loop uses it all."""
        seen.append(cpu_seconds(daemon))
        return len(seen) >= 25 and len(set(seen[-25:])) == 1

    wait_until(rests, "the daemon to rest")
    daemon.ctl("migrate", "downgrade", "base")


def test_session_is_as_new_for_each_job(rig):
    project = rig.project()
    project.add("CREATE TEMP TABLE work AS SELECT 1;\nPREPARE q AS SELECT 1;\n"
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1;\nSELECT pg_advisory_lock(4711);")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    wait_until(lambda: database.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711") == 0, "lock")
    daemon.wait_role("leader")
    daemon.ctl("migrate", "downgrade", "base")
    daemon.ctl("migrate", "upgrade", "head")


@pytest.mark.parametrize("statement", [
    "SET search_path = ''",
    "SELECT pg_catalog.set_config('search_path', '', false)",
    "SET SESSION AUTHORIZATION nobody_much",
    "SET ROLE nobody_much",
    "RESET ALL",
    "SET synchronous_commit = off",
    "SET statement_timeout = '1s'",
    "SET lock_timeout = '1s'",
    "SET default_transaction_read_only = on",
    "SET standard_conforming_strings = off",
    "SET client_encoding = 'LATIN1'",
    "SET DateStyle = 'German'",
    "DEALLOCATE ALL",
    "SET idle_in_transaction_session_timeout = '1s'",
])
def test_settings_of_a_step_end_with_it(rig, statement):
    project = rig.project()
    project.add("CREATE TABLE public.one ();\n" + statement + ";")
    project.add("CREATE TABLE two ();\nINSERT INTO public.checks SELECT current_user, "
                "current_setting('search_path'), E'\\\\', 'é', current_setting('statement_timeout');")
    database = rig.database()
    database.run("DO $$ BEGIN CREATE ROLE nobody_much; EXCEPTION WHEN duplicate_object THEN NULL; "
                 "END $$")
    database.run("CREATE TABLE public.checks (who text, path text, back text, accent text, lim text)")
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert result["outcome"] == "done"
    who, path, back, accent, lim = database.run("SELECT * FROM public.checks")[0]
    assert who != "nobody_much" and "public" in path and back == "\\" and accent == "é"
    assert lim == "0"
    assert sorted(database.tables()) == ["checks", "one", "two"]


@pytest.mark.parametrize("statement", [
    "SET search_path = ''",
    "SET SESSION AUTHORIZATION nobody_much",
    "SET ROLE nobody_much",
    "RESET ALL",
    "SET default_transaction_read_only = on",
    "SET client_encoding = 'LATIN1'",
    "DISCARD ALL",
    "SELECT pg_advisory_unlock_all()",
])
def test_settings_of_a_loose_step_end_with_it(rig, statement):
    project = rig.project()
    project.add("SELECT 1;\n" + statement + ";\nSELECT 'é';", up_options=OFF)
    project.add("CREATE TABLE two ();")
    database = rig.database()
    database.run("DO $$ BEGIN CREATE ROLE nobody_much; EXCEPTION WHEN duplicate_object THEN NULL; "
                 "END $$")
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", expect=None).json
    print(result)
    assert result["outcome"] == "done"
    assert sorted(database.tables()) == ["two"]


@pytest.mark.parametrize("statement", [
    "DROP SCHEMA woven CASCADE",
    "ALTER SCHEMA woven RENAME TO other",
    "DROP TABLE alembic_version",
    "ALTER TABLE alembic_version RENAME TO elsewhere",
    "DELETE FROM woven.guard",
    "DELETE FROM alembic_version",
    "UPDATE woven.leader SET token = token + 1",
    "SELECT pg_advisory_unlock_all()",
])
def test_step_that_harms_the_ledger(rig, statement):
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE TABLE half ();\n" + statement + ";")
    project.add_tables(1)
    database = rig.database()
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", expect=None)
    print(statement, result.status, result.out)
    status = wait_until(lambda: (s := daemon.status())["role"] == "leader" and s, "leader")
    print(status)
    heads = database.heads()
    tables = database.tables()
    applied = ["t1"] + (["half"] if len(heads) and project.ids.index(heads[0]) >= 1 else []) + \
        (["t3"] if len(heads) and project.ids.index(heads[0]) >= 2 else [])
    assert sorted(tables) == sorted(applied)


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
@pytest.mark.parametrize("said", ["by the database", "by a step before"])
def test_what_is_committed_while_a_step_waits_for_its_lock_is_seen(rig, level, said):
    """Also where the default is a snapshot from before the lock: rows would be left behind."""
    setting = f"SET default_transaction_isolation = '{level}'"
    project = rig.project()
    project.add("SELECT 1;" if said == "by the database" else f"{setting};")
    project.add("ALTER TABLE t RENAME TO t_old;\nCREATE TABLE t AS SELECT * FROM t_old;\nDROP TABLE t_old;")
    database = rig.database()
    database.run("CREATE TABLE t (id integer)")
    if said == "by the database":
        database.run(f"ALTER DATABASE {database.name} {setting}")
    daemon = rig.leader(project, database)
    with contextlib.closing(database.connect()) as writer:
        writer.autocommit = False
        writer.cursor().execute("INSERT INTO t VALUES (1)")
        client = daemon.ctl_process("migrate", "upgrade", "head")
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass"), "nobody waits")
        writer.commit()
        client.communicate(timeout=60)
    assert client.returncode == 0
    assert database.run("SELECT id FROM t") == [(1,)]
