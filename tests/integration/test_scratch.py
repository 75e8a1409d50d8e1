"""Where scratch databases live: a private server, which dies with a killed daemon, and a server of the
settings, where the next daemon finds what a killed one has left. Each is like the database."""

import contextlib
import os
import pathlib

import pytest

from rig.schema import Schema, leftovers
from rig.waiting import wait_until

FOREVER = "SELECT pg_sleep(100000);"


def private_servers(rig):
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(process / "cwd").startswith(str(rig.folder / "state")):
                found.append(int(process.name))
    return found


@pytest.fixture(name="embedded")
def _embedded(rig):
    return Schema(rig, scratch="embedded", state_directory=str(rig.folder / "state"))


def run_folders(rig):
    return list((rig.folder / "state/postgres").glob("run-*"))


def add_blocking(schema):
    """A revision that no replay gets over; returns its file."""
    schema.model("1.sql", "CREATE TABLE a ();\n")
    schema.project.add("CREATE TABLE a ();")
    return schema.project.file_of(schema.project.add(FOREVER))


def test_the_private_server_is_started_when_needed_and_ends_with_the_daemon(rig, embedded):
    embedded.model("1.sql", "CREATE TABLE a ();\n")
    embedded.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    assert private_servers(rig) == []
    assert embedded.check()["clean"]
    assert private_servers(rig) and len(run_folders(rig)) == 1
    first = run_folders(rig)
    assert embedded.check()["clean"] and run_folders(rig) == first
    embedded.daemon.stop()
    assert private_servers(rig) == [] and run_folders(rig) == []


def test_the_private_server_dies_with_a_killed_daemon(rig, embedded):
    blocking = add_blocking(embedded)
    client = embedded.daemon.ctl_process("migrate", "check")
    wait_until(lambda: len(private_servers(rig)) > 5, "the replay to begin")
    embedded.daemon.kill()
    client.communicate()
    wait_until(lambda: not private_servers(rig), "no process to be left")
    assert len(run_folders(rig)) == 1
    blocking.unlink()
    embedded.daemon.start()
    assert embedded.check()["clean"]
    assert len(run_folders(rig)) == 1 and len(private_servers(rig)) > 1
    embedded.daemon.stop()
    assert run_folders(rig) == []


def test_leftovers_below_an_odd_path_are_collected(rig):
    state = rig.folder / "st[a-z]te, *?"
    schema = Schema(rig, scratch="embedded", state_directory=str(state))
    schema.model("1.sql", "CREATE TABLE a ();\n")
    assert schema.check(expect=3)["clean"] is False
    [left] = (state / "postgres").glob("run-*")
    schema.daemon.kill()
    schema.daemon.start()
    schema.check(expect=3)
    [new] = (state / "postgres").glob("run-*")
    assert new != left


def test_a_private_server_leaves_no_memory_behind_when_it_is_killed(rig, embedded):
    embedded.model("1.sql", "CREATE TABLE a ();\n")
    embedded.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    assert embedded.check()["clean"]
    [data] = (rig.folder / "state/postgres").glob("run-*/pg/data")
    assert not (data / "base/1").exists()  # template1, which nobody needs
    maps = pathlib.Path(f"/proc/{min(private_servers(rig))}/maps").read_text()
    assert "pg_dynshmem/" in maps and "/dev/shm/PostgreSQL." not in maps, maps


def test_a_private_server_that_died_is_replaced(rig, embedded):
    embedded.model("1.sql", "CREATE TABLE a ();\n")
    embedded.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    assert embedded.check()["clean"]
    for pid in private_servers(rig):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
    wait_until(lambda: not private_servers(rig), "its end")
    assert embedded.check()["clean"]


def test_leftovers_of_a_killed_daemon_are_dropped_by_the_next(rig):
    schema = Schema(rig)
    blocking = add_blocking(schema)
    client = schema.daemon.ctl_process("migrate", "check")
    wait_until(lambda: schema.database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'woven\\_scratch%%'"
        " AND query LIKE '%%pg_sleep%%' AND pid <> pg_backend_pid()"), "the replay to begin")
    left = leftovers(rig.cluster)
    schema.daemon.kill()
    client.communicate()
    assert left and leftovers(rig.cluster) == left
    wait_until(lambda: not schema.database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'woven\\_scratch%%'"
        " OR application_name = 'wovend (scratch)'"), "the server to notice")
    blocking.unlink()
    schema.daemon.start()
    assert schema.check()["clean"]
    assert not set(left) & set(leftovers(rig.cluster))


def test_a_killed_daemon_leaves_nothing_for_long(rig):
    """Its sessions end a moment after it: the next one still sees them when it begins, and looks again."""
    schema = Schema(rig)
    schema.project.add("DO $$ BEGIN IF EXISTS (SELECT FROM pg_stat_activity WHERE application_name ="
                       " 'gate') THEN PERFORM pg_sleep(100000); END IF; END $$;")
    schema.daemon.ctl("migrate", "upgrade", "head", expect=0)
    with contextlib.closing(schema.database.connect(application_name="gate")):
        client = schema.daemon.ctl_process("migrate", "drift")
        wait_until(lambda: schema.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'woven\\_scratch%%'"
            " AND wait_event = 'PgSleep'"), "the replay to begin")
        schema.daemon.kill()
        client.communicate()
    folders = rig.folder / "state/proof"
    assert leftovers(rig.cluster) and len(list(folders.glob("run-*/pg/*.sql"))) == 1
    schema.daemon.start()
    schema.daemon.wait_role("leader")
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True
    schema.daemon.stop()
    assert leftovers(rig.cluster) == [] and not list(folders.glob("run-*"))


def test_a_folder_that_others_may_change_is_not_used(rig):
    schema = Schema(rig)
    schema.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    schema.daemon.ctl("migrate", "upgrade", "head")
    state = rig.folder / "state"
    state.mkdir(exist_ok=True)
    state.chmod(0o777)
    error = schema.daemon.ctl("migrate", "drift", expect=1).error
    assert error["code"] == "SERVER_FAILED" and "state_directory" in error["hint"]
    state.chmod(0o755)
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True


def test_a_living_daemons_databases_are_left_alone(rig):
    one = Schema(rig)
    add_blocking(one)
    client = one.daemon.ctl_process("migrate", "check")
    wait_until(lambda: leftovers(rig.cluster), "its database")
    before = leftovers(rig.cluster)
    other = Schema(rig)
    other.model("1.sql", "CREATE TABLE b ();\n")
    other.project.add("CREATE TABLE b ();", "DROP TABLE b;")
    assert other.check()["clean"]
    assert set(before) <= set(leftovers(rig.cluster))
    one.daemon.ctl("migrate", "cancel")
    client.communicate()
    assert client.returncode == 7


@pytest.mark.parametrize("where", ["embedded", "elsewhere"])
def test_it_is_like_the_database(rig, where):
    """Encoding, locale and the role that owns things: a revision looks at what it runs in."""
    with contextlib.closing(rig.cluster.connect("postgres")) as connection:
        cursor = connection.cursor()
        for statement in ("DROP DATABASE IF EXISTS odd", "DROP ROLE IF EXISTS \"Some One\"",
                          "CREATE ROLE \"Some One\"", "CREATE DATABASE odd TEMPLATE template0"
                          " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"):
            cursor.execute(statement)
    more = {"scratch": "embedded", "state_directory": str(rig.folder / "state")}
    schema = Schema(rig, **(more if where == "embedded" else {}))
    schema.daemon.write_conf(
        database=f"host={rig.cluster.sockets} user=postgres dbname=odd")
    schema.daemon.ctl("daemon", "reload")
    schema.daemon.wait_role("leader")
    looks = ("DO $$ DECLARE d pg_database; BEGIN SELECT * INTO d FROM pg_database"
             " WHERE datname = current_database();"
             " IF (d.datcollate, pg_encoding_to_char(d.encoding)) <> ('C', 'LATIN1') THEN"
             " RAISE '% %', d.datcollate, pg_encoding_to_char(d.encoding); END IF; END $$;\n")
    tables = "CREATE TABLE a ();\nALTER TABLE a OWNER TO \"Some One\";"
    schema.project.add(looks + tables)
    schema.model("1.sql", tables)
    assert schema.check()["clean"]


def test_a_full_disk_is_not_the_models_fault(rig, embedded):
    embedded.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    embedded.model("1.sql", "CREATE TABLE a ();\nDO $$ BEGIN RAISE EXCEPTION 'no space left' "
                            "USING ERRCODE = 'disk_full'; END $$;\nCREATE VIEW v AS SELECT FROM b;\n")
    error = embedded.check(expect=1)["error"]
    assert (error["code"], error["sqlstate"]) == ("SQL_ERROR", "53100"), error
    assert (error["file"], error["line"]) == (str(embedded.models / "1.sql"), 2)
    assert "problems" not in error and str(rig.folder / "state") in error["hint"], error


def test_a_private_server_that_breaks_down_is_quoted(embedded):
    embedded.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    kill = embedded.model("1.sql", "CREATE TABLE a ();\nCOPY (SELECT 1) TO PROGRAM 'kill -9 $PPID';\n")
    error = embedded.check(expect=1)["error"]
    assert error["code"] == "CONNECTION_LOST" and "signal 9" in error["detail"], error
    kill.write_text("CREATE TABLE a ();\n")
    assert embedded.check()["clean"] is True
