"""How steps run: transactions, failures with their place, locks, options of a job."""

import re

from rig.waiting import wait_until


def test_failure_in_the_middle_leaves_nothing_and_names_the_line(rig):
    project = rig.project()
    first = project.add_tables(1)[0]
    broken = project.add("CREATE TABLE good (id integer);\nINSERT INTO good VALUES (1);\n"
                         "INSERT INTO good\n  VALUES (1, 'two');\nCREATE TABLE never ();")
    project.add_tables(1)
    database = rig.database()
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", expect=1).json
    assert result["outcome"] == "failed"
    assert [step["done"] for step in result["steps"]] == [True, False, False]
    error = result["error"]
    lines = project.file_of(broken).read_text().splitlines()
    assert error["code"] == "SQL_ERROR" and error["sqlstate"] == "42601"
    assert error["revision"] == broken
    assert error["file"].endswith(project.file_of(broken).name)
    assert lines[error["line"] - 1] == "  VALUES (1, 'two');" and error["column"] == 14
    assert "INSERT INTO good" in error["statement"]
    assert database.tables() == ["t1"] and database.heads() == [first]
    assert result["heads_after"] == [first]
    rows = database.run("SELECT revision, outcome, sqlstate FROM woven.history ORDER BY id")
    assert rows == [(first, "done", None), (broken, "failed", "42601")]


def test_error_in_a_function_body_names_the_line_of_the_file(rig):
    project = rig.project()
    revision = project.add("SELECT 1;\nDO $$\nBEGIN\n  PERFORM 1;\n  PERFORM no_such();\nEND $$;")
    daemon = rig.leader(project, rig.database())
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    line = project.file_of(revision).read_text().splitlines()[error["line"] - 1]
    assert "no_such" in line and error["sqlstate"] == "42883"
    assert "inline_code_block" in error["context"]


def test_error_at_commit_rolls_back(rig):
    """A deferred constraint fails only when the transaction ends."""
    project = rig.project()
    project.add("CREATE TABLE a (id integer PRIMARY KEY);\n"
                "CREATE TABLE b (a integer REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"
                "INSERT INTO b VALUES (1);")
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "23503"
    assert database.tables() == [] and database.heads() == []


def test_single_transaction_is_all_or_nothing(rig):
    project = rig.project()
    project.add_tables(2)
    last = project.add("SELECT 1/0;")
    database = rig.database()
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", "--single-transaction", expect=1).json
    assert result["error"]["revision"] == last
    assert not any(step["done"] for step in result["steps"])
    assert database.tables() == [] and database.heads() == []
    project.file_of(last).unlink()
    daemon.ctl("daemon", "reload")
    result = daemon.ctl("migrate", "upgrade", "head", "--single-transaction").json
    assert result["outcome"] == "done" and database.tables() == ["t1", "t2"]
    rows = database.run("SELECT DISTINCT xmin::text FROM woven.revision")
    assert len(rows) == 1, "two revisions were written by one transaction"


def test_nothing_to_do(rig):
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "head")
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert result["outcome"] == "nothing-to-do" and result["steps"] == []
    assert result["current"] == result["heads_after"] == [project.ids[-1]] == database.heads()


def test_relative_and_partial_targets(rig):
    project, database, daemon = rig.simple(4)
    daemon.ctl("migrate", "upgrade", "+2")
    assert database.heads() == [project.ids[1]]
    daemon.ctl("migrate", "upgrade", project.ids[3][:6])
    assert database.heads() == [project.ids[3]]
    daemon.ctl("migrate", "downgrade", "-3")
    assert database.heads() == [project.ids[0]]
    daemon.ctl("migrate", "downgrade", "base")
    assert database.heads() == []
    error = daemon.ctl("migrate", "upgrade", "feed", expect=1).error
    assert error["code"] == "REVISION_NOT_FOUND"
    error = daemon.ctl("migrate", "upgrade", "+9", expect=1).error
    assert error["code"] == "RELATIVE_OUT_OF_RANGE"


def test_stamp_records_and_runs_nothing(rig):
    project, database, daemon = rig.simple(3)
    result = daemon.ctl("migrate", "stamp", project.ids[1]).json
    assert result["outcome"] == "done"
    assert database.heads() == [project.ids[1]] and database.tables() == []
    assert daemon.ctl("migrate", "status").json["pending"] == [
        {"revision": project.ids[2], "message": "Step 3"}]


def test_ledger_keeps_the_sql_and_who_asked(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head", "--tag", "release 7")
    row = database.run("SELECT id, message, up_sql, down_sql FROM woven.revision")[0]
    assert row[0] == project.ids[0] and row[1] == "Step 1"
    assert "CREATE TABLE t1" in row[2] and "DROP TABLE t1" in row[3]
    row = database.run("SELECT kind, outcome, tag, unix_user, uid, pid, host FROM woven.history")[0]
    assert row[:3] == ("up", "done", "release 7") and row[3] and row[5] > 0 and row[6]


def test_history_is_append_only(rig):
    _, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    for change in ("DELETE FROM woven.history", "UPDATE woven.history SET tag = 'x'"):
        try:
            database.run(change)
        except Exception as error:  # pylint: disable=broad-except
            assert "append only" in str(error)
        else:
            raise AssertionError(f"{change} passed")


def test_downgrade_of_an_irreversible_revision_is_refused_by_name(rig):
    project = rig.project()
    project.add_tables(1)
    last = project.add("CREATE TABLE kept (id integer);", None)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    result = daemon.ctl("migrate", "downgrade", "-1", expect=6).json
    assert result["error"]["code"] == "IRREVERSIBLE" and last in str(result["error"])
    assert database.heads() == [last] and database.tables() == ["kept", "t1"]


def test_downgrade_works_from_the_ledger_when_the_file_is_gone(rig):
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "head")
    project.file_of(project.ids[1]).unlink()
    daemon.ctl("daemon", "reload")
    status = daemon.ctl("migrate", "status").json
    assert status["state"] == "ahead" and status["ahead"] == [project.ids[1]]
    daemon.ctl("migrate", "downgrade", project.ids[0])
    assert database.heads() == [project.ids[0]] and database.tables() == ["t1"]


def test_edited_revision_stops_an_upgrade(rig):
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "+1")
    path = project.file_of(project.ids[0])
    text = path.read_text()
    path.write_text("-- only a comment\n" + text.replace("CREATE TABLE", "CREATE  TABLE /* x */"))
    daemon.ctl("daemon", "reload")
    assert daemon.ctl("migrate", "plan", "head").json["steps"], "comments and blanks do not count"
    path.write_text(text.replace("id integer", "id bigint"))
    daemon.ctl("daemon", "reload")
    result = daemon.ctl("migrate", "upgrade", "head", expect=6).json
    assert result["error"]["code"] == "EDITED_REVISION" and project.ids[0] in str(result["error"])
    assert database.heads() == [project.ids[0]]


def test_lock_timeout_is_retried_and_names_the_blocker(rig):
    project = rig.project(timeouts={"lock": "500ms", "lock_total": "1min"})
    project.add_tables(1)
    project.add("ALTER TABLE t1 ADD COLUMN more text;", "ALTER TABLE t1 DROP COLUMN more;")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "+1")
    with daemon.client() as client:
        with database.locked("t1") as blocker:
            request = client.request("migrate.upgrade", target="head")
            retry = client.wait_event("retry")
            assert retry["attempt"] >= 1 and retry["delay_ms"] > 0
            blocked = client.wait_event("blocked")["blockers"]
            assert blocked[0]["pid"] == blocker.get_backend_pid()
            assert blocked[0]["application"] == "blocker"
            job = daemon.status()["job"]
            assert job["kind"] == "upgrade" and job["step"]["revision"] == project.ids[1]
        result = client.answer(request)["result"]
    assert result["outcome"] == "done" and database.heads() == [project.ids[1]]


def test_lock_that_never_comes_ends_with_its_holder(rig):
    project = rig.project(timeouts={"lock": "1s", "lock_total": "0"})
    project.add_tables(1)
    project.add("ALTER TABLE t1 ADD COLUMN more text;")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "+1")
    with database.locked("t1") as blocker:
        result = daemon.ctl("migrate", "upgrade", "head", expect=5).json
        error = result["error"]
        assert error["code"] == "LOCK_TIMEOUT" and error["sqlstate"] == "55P03"
        assert str(blocker.get_backend_pid()) in str(error)
    assert database.heads() == [project.ids[0]]
    wait_until(lambda: daemon.status()["job"] is None, "the job to be over")


def test_section_sets_its_own_lock_timeout(rig):
    project = rig.project(timeouts={"lock": "1min", "lock_total": "0"})
    project.add_tables(1)
    project.add("ALTER TABLE t1 ADD COLUMN more text;", up_options="lock_timeout=50ms")
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "+1")
    with database.locked("t1"):
        error = daemon.ctl("migrate", "upgrade", "head", expect=5).json["error"]
        assert error["code"] == "LOCK_TIMEOUT"


def test_statement_timeout_of_the_settings(rig):
    project = rig.project(timeouts={"statement": "100ms"})
    project.add("SELECT pg_sleep(600);")
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["code"] == "SQL_ERROR" and error["sqlstate"] == "57014"
    assert database.heads() == []


def test_notices_of_the_server_reach_the_caller(rig):
    project = rig.project()
    project.add("DO $$ BEGIN RAISE NOTICE 'seen by the caller'; END $$;")
    daemon = rig.leader(project, rig.database())
    with daemon.client() as client:
        assert client.call("migrate.upgrade", target="head")["outcome"] == "done"
        assert any("seen by the caller" in event.get("text", "") for event in client.events
                   if event["event"] == "notice")


def test_progress_tells_the_story_in_order(rig):
    project, _, daemon = rig.simple(2)
    with daemon.client() as client:
        client.call("migrate.upgrade", target="head")
        names = [event["event"] for event in client.events]
        assert names[0] in ("queued", "started") and names.index("planned") < names.index("step")
        done = [event for event in client.events if event["event"] == "step_done"]
        assert [event["revision"] for event in done] == project.ids
        assert len({event["job"] for event in client.events}) == 1
        statements = [event for event in client.events if event["event"] == "statement"]
        assert re.match("CREATE TABLE t1", statements[0]["text"])


def test_large_revision(rig):
    """More statements and bytes than any buffer between here and the server."""
    project = rig.project()
    project.add("CREATE TABLE big (n integer, t text);\n" + "\n".join(
        f"INSERT INTO big VALUES ({n}, '{'x' * 200}');" for n in range(20000)))
    database = rig.database()
    daemon = rig.leader(project, database)
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.value("SELECT count(*) FROM big") == 20000
