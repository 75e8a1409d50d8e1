"""Sections with transaction=off: one statement at a time, with a journal."""

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until

OFF = "transaction=off"


def index_valid(database, name):
    return database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", name)


def test_concurrent_index(rig):
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);",
                "DROP INDEX CONCURRENTLY t1_id;", up_options=OFF, down_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert index_valid(database, "t1_id") is True
    assert database.value("SELECT count(*) FROM woven.journal") == 0
    assert daemon.ctl("migrate", "downgrade", "-1").json["outcome"] == "done"
    assert index_valid(database, "t1_id") is None


def test_concurrent_index_inside_a_transaction_is_a_plain_error(rig):
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);")
    database = rig.database()
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", expect=None)
    assert result.status != 0 and "transaction" in result.out
    assert index_valid(database, "t1_id") is None


def test_failed_statement_keeps_what_came_before_and_is_repaired(rig):
    project = rig.project()
    revision = project.add("CREATE TABLE one ();\nSELECT 1/0;\nCREATE TABLE three ();",
                           "DROP TABLE three;\nDROP TABLE one;", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "22012" and error["revision"] == revision
    assert database.tables() == ["one"] and database.heads() == []
    interrupted = daemon.ctl("migrate", "status").json["interrupted"]
    assert interrupted["revision"] == revision and interrupted["direction"] == "up"
    assert (interrupted["statement"], interrupted["of"]) == (2, 3)
    assert "1/0" in interrupted["text"] and interrupted["line"] > 0
    # Until somebody decides, nothing else runs.
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert error["code"] == "STEP_INTERRUPTED" and "repair" in error["hint"]
    daemon.ctl("migrate", "repair", "--done")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.tables() == ["one", "three"] and database.heads() == [revision]
    assert daemon.ctl("migrate", "status").json["interrupted"] is None


def test_repair_again_runs_the_statement_again(rig):
    project = rig.project()
    revision = project.add("CREATE TABLE one (n integer);\n"
                           "INSERT INTO one SELECT 1/n FROM divisor;", up_options=OFF)
    database = rig.database()
    database.run("CREATE TABLE divisor AS SELECT 0 AS n")
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head", expect=1)
    database.run("UPDATE divisor SET n = 1")
    daemon.ctl("migrate", "repair", "--again")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.run("SELECT n FROM one") == [(1,)] and database.heads() == [revision]


def test_repair_abandon_gives_the_step_up(rig):
    project = rig.project()
    project.add("CREATE TABLE one ();\nSELECT 1/0;", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head", expect=1)
    daemon.ctl("migrate", "repair", "--abandon")
    assert database.tables() == ["one"] and database.heads() == []
    assert daemon.ctl("migrate", "status").json["interrupted"] is None
    error = daemon.ctl("migrate", "repair", "--done", expect=1).json["error"]
    assert error["code"] == "NOTHING_TO_REPAIR"


def test_interrupted_by_a_kill_is_reported_exactly(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    revision = project.add(f"CREATE TABLE one ();\n{WAIT_AT_GATE};\nCREATE TABLE three ();",
                           up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client:
        client.request("migrate.upgrade", target="head")
        wait_until(lambda: (job := daemon.status()["job"]) and job.get("step", {}).get("revision")
                   == revision and job.get("statement", {}).get("number") == 2,
                   "the second statement to run")
        daemon.kill()
    daemon.start()
    daemon.wait_role("leader")
    interrupted = wait_until(lambda: daemon.status()["interrupted"], "the journal to be read")
    assert (interrupted["revision"], interrupted["statement"], interrupted["of"]) == (revision, 2, 3)
    assert "WHILE NOT EXISTS" in interrupted["text"]
    assert database.tables() == ["gate", "one"] and database.heads() == [project.ids[0]]
    daemon.ctl("migrate", "upgrade", "head", expect=6)
    open_gate(database)
    daemon.ctl("migrate", "repair", "--again")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.tables() == ["gate", "one", "three"] and database.heads() == [revision]
