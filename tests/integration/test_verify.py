"""verify and repair --accept: files that were edited after they were applied, files that have gone,
rows that nobody knows."""

import subprocess

import pytest

from rig.waiting import wait_until


def rewrite(project, revision, old, new):
    path = project.file_of(revision)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


@pytest.fixture(name="applied")
def _applied(rig):
    """Three tables, all applied."""
    project, database, daemon = rig.simple(3)
    daemon.ctl("migrate", "upgrade", "head")
    return project, database, daemon


def test_clean(applied):
    _, _, daemon = applied
    assert daemon.ctl("migrate", "verify").json == {
        "clean": True, "applied": 3, "edited": [], "missing": [], "unknown": [], "unrecorded": []}
    assert daemon.text("migrate", "verify").out == (
        "Clean: 3 applied revisions are as their files say.\n")
    assert daemon.text("-q", "migrate", "verify").out == ""


def test_before_there_is_a_ledger(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    daemon = rig.daemon(project, database, settings={"leader": "never"})
    daemon.wait_role("standby")
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    assert daemon.ctl("migrate", "log").json == {"entries": [], "next": None}


def test_comments_blanks_and_line_ends_are_no_edit(applied):
    project, _, daemon = applied
    path = rewrite(project, project.ids[1], "CREATE TABLE t2",
                   "-- a comment\nCREATE   TABLE /* another */\n  t2")
    path.write_bytes(path.read_text().replace("\n", "\r\n").encode())
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"


def test_edited(applied):
    project, _, daemon = applied
    second = project.ids[1]
    path = rewrite(project, second, "t2 (id integer)", "t2 (id bigint)")
    found = daemon.ctl("migrate", "verify", expect=3).json
    assert found["clean"] is False and found["missing"] == found["unknown"] == []
    edit = found["edited"][0]
    assert edit["revision"] == second and edit["message"] == "Step 2"
    assert edit["path"] == str(path) and edit["applied_by"] and "diff" not in edit
    assert edit["recorded_checksum"] != edit["file_checksum"]
    page = daemon.text("migrate", "verify", expect=3).out
    assert page.startswith(f"Edited       {second}  Step 2\n") and "repair --accept REV" in page
    status = daemon.ctl("migrate", "status").json
    assert status["edited"] == [second] and status["state"] == "at-head"
    page = daemon.text("migrate", "status").out
    assert f"Edited       {second}  Step 2\n" in page and "verify --diff" in page


def test_diff_puts_the_file_back(applied):
    project, _, daemon = applied
    original = project.file_of(project.ids[1]).read_text()
    path = rewrite(project, project.ids[1], "CREATE TABLE t2 (id integer);",
                   "CREATE TABLE t2 (\n    id bigint\n);\nSELECT 2;")
    rewrite(project, project.ids[1], "DROP TABLE t2;", "DROP TABLE t2 CASCADE;")
    diff = daemon.ctl("migrate", "verify", "--diff", expect=3).json["edited"][0]["diff"]
    assert diff.startswith(f"--- {path}\tas applied ") and f"+++ {path}\t" in diff
    assert "-CREATE TABLE t2 (id integer);\n+CREATE TABLE t2 (\n+    id bigint\n" in diff
    assert "-DROP TABLE t2;\n+DROP TABLE t2 CASCADE;\n" in diff
    page = daemon.text("migrate", "verify", "--diff", expect=3).out
    assert "\n-DROP TABLE t2;\n+DROP TABLE t2 CASCADE;\n" in page
    subprocess.run(["patch", "-R", "-p0", "--quiet", str(path)], input=diff, text=True, check=True)
    assert path.read_text() == original
    assert daemon.ctl("migrate", "verify").json["clean"] is True


def test_upgrade_refuses_and_says_what_to_do(applied):
    project, database, daemon = applied
    path = rewrite(project, project.ids[0], "integer", "bigint")
    project.add_tables(1)
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert error["code"] == "EDITED_REVISION" and project.ids[0] in error["message"]
    assert error["file"] == str(path)
    assert f"repair --accept {project.ids[0]}" in error["hint"] and "verify" in error["hint"]
    rewrite(project, project.ids[1], "integer", "bigint")
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert [problem["kind"] for problem in error["problems"]] == ["edited", "edited"]
    assert database.heads() == [project.ids[2]]


def test_what_is_not_applied_may_change(applied):
    """Also when the ledger remembers it: Alembic took it back."""
    project, database, daemon = applied
    database.run("DROP TABLE t3")
    database.run("UPDATE alembic_version SET version_num = %s", project.ids[1])
    rewrite(project, project.ids[2], "integer", "bigint")
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    assert daemon.ctl("migrate", "status").json["edited"] == []
    error = daemon.ctl("migrate", "repair", "--accept", project.ids[2], expect=1).json["error"]
    assert error["code"] == "NOTHING_TO_REPAIR"
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert daemon.ctl("migrate", "verify").json["clean"] is True


def test_missing_and_unknown(applied):
    project, database, daemon = applied
    last = project.ids[2]
    project.file_of(last).unlink()
    found = daemon.ctl("migrate", "verify", expect=3).json
    assert [item["revision"] for item in found["missing"]] == [last] and found["edited"] == []
    assert found["missing"][0]["message"] == "Step 3" and found["applied"] == 2
    assert f"Missing      {last}  Step 3\n" in daemon.text("migrate", "verify", expect=3).out
    database.run("INSERT INTO alembic_version VALUES ('nobody')")
    found = daemon.ctl("migrate", "verify", expect=3).json
    assert found["unknown"] == ["nobody"] and [m["revision"] for m in found["missing"]] == [last]
    page = daemon.text("migrate", "verify", expect=3).out
    assert "Unknown      nobody\n" in page


def test_adopted_revisions_are_not_recorded(rig):
    project = rig.project()
    project.add_tables(2)
    database = rig.database()
    database.run("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    database.run("INSERT INTO alembic_version VALUES (%s)", project.ids[1])
    daemon = rig.leader(project, database)
    found = daemon.ctl("migrate", "verify").json
    assert found["clean"] is True and found["unrecorded"] == project.ids
    assert "2 applied revisions are not recorded" in daemon.text("migrate", "verify").out
    result = daemon.ctl("migrate", "repair", "--accept", *project.ids).json
    assert [item["recorded_checksum"] for item in result["accepted"]] == [None, None]
    assert daemon.ctl("migrate", "verify").json["unrecorded"] == []
    assert database.run("SELECT id, stamped FROM woven.revision ORDER BY id") == [
        (project.ids[0], True), (project.ids[1], True)]


def test_accept(applied):
    project, database, daemon = applied
    second = project.ids[1]
    path = rewrite(project, second, "DROP TABLE t2;", "DROP TABLE t2 CASCADE;")
    before = database.run("SELECT applied_at, applied_by FROM woven.revision WHERE id = %s", second)
    dry = daemon.ctl("migrate", "repair", "--accept", second, "--dry-run").json
    assert dry["dry_run"] is True and dry["outcome"] == "done"
    assert "+DROP TABLE t2 CASCADE;" in dry["accepted"][0]["diff"]
    page = daemon.text("-q", "migrate", "repair", "--accept-all", "--dry-run").out
    assert page.startswith(f"Would accept {second}  Step 2, {path}\n---")
    assert daemon.ctl("migrate", "status").json["edited"] == [second]
    assert daemon.ctl("migrate", "log", "--revision", second).json["entries"][0]["kind"] == "up"

    # The beginning of an id suffices.
    done = daemon.ctl("migrate", "repair", "--accept", second[:5], "--tag", "r7").json
    assert [item["revision"] for item in done["accepted"]] == [second]
    assert "dry_run" not in done and done["heads_after"] == [project.ids[2]]
    assert daemon.ctl("migrate", "status").json["edited"] == []
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    stored = database.value("SELECT down_sql FROM woven.revision WHERE id = %s", second)
    assert stored == "-- woven:down\nDROP TABLE t2 CASCADE;"
    assert before == database.run(
        "SELECT applied_at, applied_by FROM woven.revision WHERE id = %s", second)
    entry = daemon.ctl("migrate", "log").json["entries"][0]
    assert entry["kind"] == "repair" and entry["revision"] == second and entry["tag"] == "r7"
    assert entry["outcome"] == "done" and entry["error"] is None
    assert entry["note"].startswith("accepted the edited file, checksum ")
    again = daemon.text("migrate", "repair", "--accept", second)
    assert again.out == "Nothing to do: the files are as they were recorded.\n"


def test_accept_all(applied):
    project, _, daemon = applied
    for revision in project.ids[:2]:
        rewrite(project, revision, "integer", "bigint")
    page = daemon.text("migrate", "repair", "--accept-all").out
    assert [line.split()[:2] for line in page.splitlines()] == [
        ["Accepted", project.ids[0]], ["Accepted", project.ids[1]]]
    assert daemon.ctl("migrate", "repair", "--accept-all").json["outcome"] == "nothing-to-do"
    assert daemon.ctl("migrate", "verify").json["clean"] is True


def test_accept_is_refused(applied, rig):
    project, database, daemon = applied
    rewrite(project, project.ids[0], "integer", "bigint")
    standby = rig.daemon(project, database)
    standby.wait_role("standby")
    assert standby.ctl("migrate", "status").json["edited"] == [project.ids[0]]
    error = standby.ctl("migrate", "repair", "--accept-all", "--no-hand-over", expect=6).json["error"]
    assert error["code"] == "NOT_LEADER"
    project.file_of(project.ids[2]).unlink()
    error = daemon.ctl("migrate", "repair", "--accept", project.ids[2], expect=1).json["error"]
    assert error["code"] == "NOTHING_TO_REPAIR" and "show" in error["hint"]
    error = daemon.ctl("migrate", "repair", "--accept", "nobody", expect=1).json["error"]
    assert error["code"] == "REVISION_NOT_FOUND"


@pytest.mark.parametrize("options", [
    ("--accept",), ("--done", "--accept", "x"), ("x",), ("--done", "x"), ("--accept-all", "x"),
    ("--done", "--dry-run"), ("--accept", "x", "--accept-all")])
def test_usage(applied, options):
    _, _, daemon = applied
    daemon.ctl("migrate", "repair", *options, expect=2)


@pytest.mark.parametrize("params", [
    {"action": "accept"}, {"action": "accept", "all": True, "revision": "x"},
    {"action": "done", "revision": "x"}, {"dry_run": True}])
def test_parameters(applied, params):
    _, _, daemon = applied
    assert daemon.refused("migrate.repair", **params)["code"] == "INVALID_PARAMS"


def test_status_does_not_read_the_ledger_again(applied):
    """What was compared once stays compared until the files or the ledger change."""
    project, database, daemon = applied
    rewrite(project, project.ids[0], "integer", "bigint")
    project.file_of(project.ids[2]).unlink()
    assert daemon.ctl("migrate", "status").json["edited"] == [project.ids[0]]

    with database.locked("woven.revision"):
        for _ in range(3):
            status = daemon.ctl("migrate", "status").json
            assert "stale" not in status and status["database"]["reachable"] is True
            assert status["edited"] == [project.ids[0]] and status["ahead"] == [project.ids[2]]
    daemon.ctl("migrate", "repair", "--accept-all")
    assert daemon.ctl("migrate", "status").json["edited"] == []


def test_nothing_is_remembered_of_another_database(applied):
    """A restored backup may have the same last history row and other records."""
    project, database, daemon = applied
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    assert daemon.ctl("migrate", "status").json["edited"] == []
    database.run("UPDATE woven.revision SET checksum = 'another' WHERE id = %s", project.ids[1])
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE application_name LIKE 'wovend%'")
    wait_until(lambda: daemon.status()["edited"] == [project.ids[1]], "the record to be read again")
    daemon.wait_role("leader")
    error = daemon.ctl("migrate", "upgrade", "head", expect=6).json["error"]
    assert error["code"] == "EDITED_REVISION"
