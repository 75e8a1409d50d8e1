"""upgrade, downgrade and stamp as SQL: what psql makes of it equals what the daemon does."""

import subprocess

from rig.project import revision_id


def run_sql(database, sql):
    done = subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.conninfo, "-f", "-"],
        input=sql, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done


def tricky_project(rig):
    """Quotes, dollar quotes, backslashes, a trailing comment, a step outside a transaction."""
    project = rig.project()
    project.add("CREATE TABLE a (x text DEFAULT 'it''s $woven$ \\ fine');\n"
                "INSERT INTO a VALUES (E'tab\\t'); -- the end", "DROP TABLE a;",
                message="It's a 'quoted' message\\")
    project.add("DO $$ BEGIN PERFORM 1; END $$", "SELECT 1")
    project.add("CREATE INDEX CONCURRENTLY a_x ON a (x);", "DROP INDEX CONCURRENTLY a_x;",
                up_options="transaction=off lock_timeout=1s", down_options="transaction=off")
    return project


def dump(database):
    return database.dump("--schema=public")


def test_a_script_does_what_the_daemon_does(rig):
    project = tricky_project(rig)
    by_daemon, by_psql = rig.database(), rig.database()
    daemon = rig.leader(project, by_daemon)
    script = daemon.ctl("migrate", "upgrade", "head", "--sql").json["sql"]
    daemon.ctl("migrate", "upgrade", "head")
    run_sql(by_psql, script)
    assert dump(by_psql) == dump(by_daemon)
    assert by_psql.heads() == by_daemon.heads() == [revision_id(3)]
    script = daemon.ctl("migrate", "downgrade", "head:base", "--sql").json["sql"]
    run_sql(by_psql, script)
    assert by_psql.heads() == [] and by_psql.tables() == []


def test_a_script_keeps_the_ledger_that_is_there(rig):
    project = tricky_project(rig)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    stored = "SELECT id, parents, message, checksum, up_sql, down_sql FROM woven.revision ORDER BY 1"
    before = database.run(stored)
    run_sql(database, daemon.ctl("migrate", "downgrade", "head:base", "--sql").json["sql"])
    assert database.run(stored) == []
    run_sql(database, daemon.ctl("migrate", "upgrade", "head", "--sql").json["sql"])
    assert database.run(stored) == before
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"


def test_a_script_sees_what_is_committed_while_it_waits(rig):
    """It says so itself, whatever the default of the database is."""
    project = rig.project()
    project.add("CREATE TABLE seen AS SELECT current_setting('transaction_isolation') AS level;")
    database = rig.database()
    daemon = rig.leader(project, database)
    database.run(f"ALTER DATABASE {database.name} SET default_transaction_isolation = 'serializable'")
    run_sql(database, daemon.ctl("migrate", "upgrade", "head", "--sql").json["sql"])
    assert database.run("SELECT level FROM seen") == [("read committed",)]


def test_a_script_refuses_another_state_than_its_own(rig):
    project = rig.project()
    project.add_tables(3)
    database = rig.database()
    daemon = rig.leader(project, database)
    script = daemon.ctl("migrate", "upgrade", f"{revision_id(2)}:head", "--sql").json["sql"]
    done = subprocess.run(["psql", "-X", "-q", "-d", database.conninfo, "-f", "-"], input=script,
                          text=True, capture_output=True, timeout=60, check=False)
    assert "not as this script expects it" in done.stderr
    assert database.heads() == [] and "t3" not in database.tables()


def test_stamp_and_ranges_as_sql(rig):
    project = rig.project()
    project.add_tables(3)
    database = rig.database()
    daemon = rig.leader(project, database)
    run_sql(database, daemon.ctl("migrate", "stamp", revision_id(2), "--sql").json["sql"])
    assert database.heads() == [revision_id(2)]
    refused = daemon.ctl("migrate", "stamp", "head", "--purge", "--sql", expect=1)
    assert "purge needs the database" in refused.error["message"]
    plan = daemon.ctl("migrate", "plan", "upgrade", f"{revision_id(1)}:+1", "--sql").json
    assert [step["revision"] for step in plan["steps"]] == [revision_id(2)]
    assert plan["creates_version_table"] is False
    refused = daemon.ctl("migrate", "downgrade", "base", "--sql", expect=1)
    assert refused.error["code"] == "BAD_TARGET"


def test_text_output_is_the_script_alone(rig):
    _, _, daemon = rig.simple(tables=1)
    text = daemon.text("migrate", "upgrade", "head", "--sql").out
    assert text.startswith("-- project") and "CREATE TABLE t1" in text
