"""Sections with transaction=off: one statement at a time, with a journal."""

import contextlib
import re
import threading

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


def kill_while(daemon, method, revision, runs):
    """Kills the daemon once `runs` says that the step is where it should be, and starts it again."""
    with daemon.client() as client:
        client.request(method, target="-1" if method == "migrate.downgrade" else "head")
        wait_until(lambda: (job := daemon.status()["job"]) and job.get("step", {}).get("revision")
                   == revision, "the step to begin")
        wait_until(runs, "the statement to be half done")
        daemon.kill()
    daemon.start()
    daemon.wait_role("leader")
    return wait_until(lambda: daemon.status()["interrupted"], "the journal to be read")


@contextlib.contextmanager
def open_write(database, table="t1"):
    """A transaction that builds and drops of indexes have to wait for."""
    connection = database.connect()
    connection.autocommit = False
    try:
        connection.cursor().execute(f"INSERT INTO {table} VALUES (1)")
        yield
    finally:
        connection.close()


def test_an_index_whose_build_was_killed_is_built_again(rig):
    project = rig.project()
    project.add_tables(1)
    revision = project.add("CREATE TABLE before ();\n"
                           'CREATE UNIQUE INDEX CONCURRENTLY "t1 id" ON public.t1 (id);\n'
                           'ALTER INDEX "t1 id" RENAME TO t1_id;', "", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    with open_write(database):
        interrupted = kill_while(daemon, "migrate.upgrade", revision,
                                 lambda: index_valid(database, '"t1 id"') is False)
    assert interrupted["statement"] == 2
    assert index_valid(database, '"t1 id"') is False
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert index_valid(database, "t1_id") is True and database.heads() == [revision]
    assert database.value("SELECT count(*) FROM pg_index WHERE indrelid = 't1'::regclass") == 1
    assert daemon.status()["interrupted"] is None


def test_an_index_whose_drop_was_killed_is_dropped(rig):
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);",
                "DROP INDEX CONCURRENTLY t1_id;\nCREATE TABLE gone ();",
                up_options=OFF, down_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    with open_write(database):
        kill_while(daemon, "migrate.downgrade", project.ids[1],
                   lambda: index_valid(database, "t1_id") is False)
    assert daemon.ctl("migrate", "downgrade", "-1").json["outcome"] == "done"
    assert index_valid(database, "t1_id") is None and "gone" in database.tables()


def test_what_is_done_or_rolled_back_with_its_journal_goes_on(rig):
    """A lock that was waited for when the daemon was killed: nothing was done, and no one is asked."""
    project = rig.project()
    project.add_tables(1)
    revision = project.add("CREATE TABLE one ();\nALTER TABLE t1 ADD more integer;\nCREATE TABLE three ();",
                           "", up_options=OFF + " lock_timeout=60s")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    waits = ("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 't1'::regclass)")
    with open_write(database):
        interrupted = kill_while(daemon, "migrate.upgrade", revision, lambda: database.value(waits))
        assert interrupted["statement"] == 2
        wait_until(lambda: not database.value(waits), "the killed daemon's session to end")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert sorted(database.tables()) == ["one", "t1", "three"]
    assert database.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 't1'::regclass"
                          " AND attname = 'more'") == 1


def test_what_a_step_has_set_goes_for_its_rest(rig):
    """Nothing is decided in a session where names mean something else; what somebody decided goes on
    with what was set."""
    project = rig.project()
    project.add_tables(1)
    revision = project.add("SET search_path = app;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n"
                           "DELETE FROM t;", "", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    database.run("CREATE SCHEMA app; CREATE TABLE app.t AS SELECT 1 AS id; CREATE TABLE t AS SELECT 1 AS id")
    with open_write(database, "app.t"):
        kill_while(daemon, "migrate.upgrade", revision, lambda: index_valid(database, "app.t_id") is False)
    daemon.ctl("migrate", "upgrade", "head", expect=6)
    assert database.value("SELECT count(*) FROM public.t") == 1
    daemon.ctl("migrate", "repair", "--again")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert index_valid(database, "app.t_id") is True and index_valid(database, "public.t_id") is None
    assert (database.value("SELECT count(*) FROM app.t"), database.value("SELECT count(*) FROM public.t")) == (
        0, 1)


def test_a_build_that_failed_leaves_no_remains_in_its_way(rig):
    """Equal values: somebody has to decide, and then the invalid index is no more in the way."""
    project = rig.project()
    project.add_tables(1)
    revision = project.add("CREATE UNIQUE INDEX CONCURRENTLY t1_id ON t1 (id);", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    database.run("INSERT INTO t1 VALUES (1), (1)")
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "23505" and index_valid(database, "t1_id") is False
    daemon.ctl("migrate", "upgrade", "head", expect=6)
    database.run("TRUNCATE t1")
    daemon.ctl("migrate", "repair", "--again")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert index_valid(database, "t1_id") is True and database.heads() == [revision]


def test_an_index_that_is_there_is_not_taken_for_remains(rig):
    """One that serves."""
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    database.run("CREATE INDEX t1_id ON t1 (id)")
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "42P07" and index_valid(database, "t1_id") is True


def build_index(database):
    with contextlib.closing(database.connect()) as connection:
        connection.autocommit = True
        connection.cursor().execute("CREATE INDEX CONCURRENTLY t1_id ON t1 (id) WHERE id > 5")


def test_an_index_that_another_role_builds_is_not_taken_for_remains(rig):
    """One whose progress the daemon's role may not see."""
    project = rig.project()
    project.add_tables(1)
    project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);", up_options=OFF)
    database = rig.database()
    name = database.value("SELECT current_database()")
    role = f"{name}_builder"
    database.run(f'CREATE ROLE "{role}" LOGIN; ALTER DATABASE "{name}" OWNER TO "{role}";'
                 f'ALTER SCHEMA public OWNER TO "{role}"')
    conninfo = re.sub(r"user=\S+", "", database.conninfo) + f" user={role}"
    daemon = rig.daemon(project, database, settings={"database": conninfo})
    daemon.wait_role("leader")
    daemon.ctl("migrate", "upgrade", project.ids[0])
    build = threading.Thread(target=build_index, args=(database,))
    with open_write(database):
        build.start()
        wait_until(lambda: index_valid(database, "t1_id") is False, "the build to have begun")
        error = daemon.ctl("migrate", "upgrade", "head", expect=5, seconds=10).json["error"]
        assert error["code"] == "LOCK_TIMEOUT" and "public.t1_id is not valid" in error["message"]
        assert error["file"] and error["line"] > 0 and daemon.status()["interrupted"] is None
    build.join()
    assert index_valid(database, "t1_id") is True
    assert "id > 5" in database.value("SELECT pg_get_indexdef('t1_id'::regclass)")


def test_a_constraint_that_fails_at_the_end_is_an_error(rig):
    """The statement is rolled back with what the journal was to say."""
    project = rig.project()
    project.add("CREATE TABLE t (id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);")
    project.add("CREATE TABLE one ();\nINSERT INTO t VALUES (1), (1);", up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "23505"
    assert error["file"].endswith(".sql") and error["line"] > 0 and "VALUES (1), (1)" in error["statement"]
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert "at statement 2 of 2: duplicate key" in error["message"]
    assert database.value("SELECT count(*) FROM t") == 0


def test_what_is_deferred_fires_in_the_role_of_its_statement(rig):
    project = rig.project()
    database = rig.database()
    role = database.value("SELECT current_database()") + "_low"
    database.run(f'CREATE ROLE "{role}"')
    project.add(f"""CREATE TABLE who (role text); GRANT ALL ON who TO "{role}";
CREATE TABLE t (id integer); ALTER TABLE t OWNER TO "{role}";
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO who VALUES (current_user); RETURN NULL; END$$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION note();""", "")
    project.add(f'SET ROLE "{role}";\nINSERT INTO t VALUES (1);\nRESET ROLE;', "", up_options=OFF)
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    assert database.run("SELECT role FROM who") == [(role,)]


def test_what_is_refused_of_an_interrupted_step_decides_nothing(rig):
    """A step that cannot run as it is asked for keeps its line in the journal."""
    project = rig.project()
    project.add_tables(1)
    revision = project.add("CREATE INDEX CONCURRENTLY t1_id ON t1 (id);\nCREATE TABLE q ();",
                           up_options=OFF)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", project.ids[0])
    with open_write(database):
        kill_while(daemon, "migrate.upgrade", revision, lambda: index_valid(database, "t1_id") is False)
    kept = "SELECT statement, state FROM woven.journal"
    assert database.run(kept) == [(1, "intended")]
    error = daemon.ctl("migrate", "upgrade", "head", "--single-transaction", expect=None).error
    assert error["code"] == "BAD_TARGET" and database.run(kept) == [(1, "intended")]
