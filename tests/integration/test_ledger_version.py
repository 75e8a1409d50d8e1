"""A ledger of another version than wovend's own."""

import pathlib

from rig.waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]


def refused(daemon):
    status = daemon.status()
    return status["role"] == "refused" and status


def test_a_newer_ledger_is_refused_with_both_versions(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    daemon.stop()
    ours = database.value("SELECT version FROM woven.meta")
    project.add_tables(1)
    database.run("UPDATE woven.meta SET version = 77")
    newer = rig.daemon(project, database)
    status = wait_until(lambda: refused(newer), "the role to be refused")
    error = status["database"]["error"]
    assert error["code"] == "LEDGER_TOO_NEW" and "version 77" in error["message"]
    assert f"version {ours}" in error["message"] and "newer wovend" in error["hint"]
    assert status["database"]["reachable"] is True and status["state"] == "behind"
    page = newer.text("migrate", "status").out
    assert "refused: the ledger in the database has version 77" in page and f"version {ours}" in page
    for command in (("upgrade", "head"), ("downgrade", "-1"), ("stamp", "head"),
                    ("repair", "--accept-all")):
        error = newer.ctl("migrate", *command, expect=6).json["error"]
        assert error["code"] == "LEDGER_TOO_NEW" and "version 77" in error["message"]
    assert database.tables() == ["t1"]
    assert database.value("SELECT version FROM woven.meta") == 77
    # Put right, it is led at once by whoever asks.
    database.run("UPDATE woven.meta SET version = %s", ours)
    assert newer.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_a_ledger_that_is_half_made_is_no_ledger(rig):
    """A schema of this name with other things in it."""
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    database.run("CREATE SCHEMA woven")
    daemon = rig.leader(project, database)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_an_older_ledger_is_upgraded(rig):
    """The tables of version 1, as they were made then, with what was recorded then."""
    script = (ROOT / "daemon/pg/ledger/001_tables.sql").read_text().replace("@schema@", "woven")
    project = rig.project()
    project.add_tables(2)
    database = rig.database()
    database.run("CREATE SCHEMA woven; " + script)
    database.run("INSERT INTO woven.meta (version, upgraded_by) VALUES (1, 'an older one');"
                 "SELECT woven.note('woven', 1, 1, %s, 'up', 'done', 5000, NULL, NULL, 'ann', 1000,"
                 " 42, 'there', '0.0.1', 'long ago');"
                 "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                 "CREATE TABLE t1 (id integer)", project.ids[0])
    database.run("INSERT INTO alembic_version VALUES (%s)", project.ids[0])
    daemon = rig.leader(project, database)
    assert database.value("SELECT version FROM woven.meta") > 1
    assert database.value("SELECT upgraded_by FROM woven.meta").startswith("wovend ")
    entry = daemon.ctl("migrate", "log").json["entries"][0]
    assert entry["revision"] == project.ids[0] and entry["tag"] == "long ago"
    assert entry["caller"] == {"uid": 1000, "pid": 42, "user": "ann", "unit": None}
    assert entry["host"] == "there"
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == [project.ids[1]]


def test_what_an_older_version_left_open_is_asked_about(rig):
    """It committed the statement and its line of the journal apart: the statement may be done."""
    tables = ROOT / "daemon/pg/ledger/001_tables.sql"
    project = rig.project()
    revision = project.add("UPDATE t SET n = n + 1;\nCREATE TABLE z ();", "",
                           up_options="transaction=off")
    database = rig.database()
    database.run("CREATE SCHEMA woven; " + tables.read_text().replace("@schema@", "woven"))
    database.run("INSERT INTO woven.meta (version, upgraded_by) VALUES (1, 'an older one');"
                 "INSERT INTO woven.leader (project, token, host, pid) VALUES ('woven', 1, 'there', 42);"
                 "SELECT woven.journal_intend('woven', 1, 1, %s, NULL, true, 1, 2, '', 0,"
                 " 'UPDATE t SET n = n + 1');"
                 "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                 "CREATE TABLE t AS SELECT 2 AS n", revision)
    daemon = rig.leader(project, database)
    assert daemon.ctl("migrate", "upgrade", "head", expect=6).error["code"] == "STEP_INTERRUPTED"
    assert database.value("SELECT n FROM t") == 2
    daemon.ctl("migrate", "repair", "--done")
    daemon.ctl("migrate", "upgrade", "head")
    assert database.value("SELECT n FROM t") == 2 and database.heads() == [revision]
