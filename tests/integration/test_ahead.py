"""A database that is ahead of the files of a host: its ledger knows what the files do not."""

import pytest


@pytest.fixture(name="ahead")
def _ahead(rig):
    """Four applied, the files of the last two gone."""
    project, database, daemon = rig.simple(2)
    project.add("CREATE TABLE t3 (id integer);", "-- woven is gone\nDROP TABLE t3;", message="Third",
                header="-- branch_labels: late")
    project.add("CREATE TABLE t4 (id integer);", "DROP TABLE t4;", message="Fourth")
    daemon.ctl("migrate", "upgrade", "head", "--tag", "r1")
    texts = {}
    for revision in project.ids[2:]:
        path = project.file_of(revision)
        texts[revision] = (path, path.read_text())
        path.unlink()
    return project, database, daemon, texts


def test_status(ahead):
    project, _, daemon, _ = ahead
    status = daemon.ctl("migrate", "status").json
    assert status["state"] == "ahead" and status["ahead"] == project.ids[2:]
    assert status["current"] == [project.ids[3]] and status["heads"] == [project.ids[1]]
    assert status["pending"] == [] and status["messages"][project.ids[3]] == "Fourth"
    page = daemon.text("migrate", "status").out
    assert "State        ahead, 2 ahead of the files of this host\n" in page
    assert f"Ahead        {project.ids[2]}  Third\n             {project.ids[3]}  Fourth\n" in page


def test_upgrade_has_nothing_to_do(ahead):
    project, database, daemon, _ = ahead
    for target in ("head", "heads", project.ids[1]):
        assert daemon.ctl("migrate", "upgrade", target).json["outcome"] == "nothing-to-do"
    assert database.heads() == [project.ids[3]]


def test_downgrade_runs_the_stored_sql(ahead):
    project, database, daemon, _ = ahead
    result = daemon.ctl("migrate", "downgrade", project.ids[1]).json
    assert [(step["revision"], step["direction"]) for step in result["steps"]] == [
        (project.ids[3], "down"), (project.ids[2], "down")]
    assert database.tables() == ["t1", "t2"] and database.heads() == [project.ids[1]]
    assert daemon.ctl("migrate", "status").json["state"] == "at-head"
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    error = daemon.ctl("migrate", "show", project.ids[3], expect=1).json["error"]
    assert error["code"] == "REVISION_NOT_FOUND"


def test_relative_downgrade(ahead):
    project, database, daemon, _ = ahead
    for left in (3, 2, 1):
        plan = daemon.ctl("migrate", "plan", "downgrade", "-1").json
        assert [step["revision"] for step in plan["steps"]] == [project.ids[left]]
        result = daemon.ctl("migrate", "downgrade", "-1").json
        assert result["heads_after"] == [project.ids[left - 1]] == database.heads()
    assert database.tables() == ["t1"]


def test_downgrade_to_base(ahead):
    _, database, daemon, _ = ahead
    assert len(daemon.ctl("migrate", "downgrade", "base").json["steps"]) == 4
    assert database.tables() == [] and database.heads() == []


def test_files_come_back_and_go_on(ahead):
    project, database, daemon, texts = ahead
    daemon.ctl("migrate", "downgrade", "-1")
    for path, text in texts.values():
        path.write_text(text)
    assert daemon.ctl("migrate", "status").json["state"] == "behind"
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == [project.ids[3]] and database.tables() == ["t1", "t2", "t3", "t4"]


def test_irreversible_without_its_file(rig):
    project, database, daemon = rig.simple(1)
    project.add("CREATE TABLE t2 ();", None)
    daemon.ctl("migrate", "upgrade", "head")
    project.file_of(project.ids[1]).unlink()
    error = daemon.ctl("migrate", "downgrade", "-1", expect=6).json["error"]
    assert error["code"] == "IRREVERSIBLE" and project.ids[1] in error["message"]
    assert database.heads() == [project.ids[1]]


def test_an_irreversible_one_without_its_file_is_found_before_anything_is_done(rig):
    project, database, daemon = rig.simple(0)
    project.add("CREATE TABLE t1 (id integer);", None)
    project.add("CREATE INDEX CONCURRENTLY i ON t1 (id);", "DROP INDEX CONCURRENTLY i;",
                up_options="transaction=off", down_options="transaction=off")
    daemon.ctl("migrate", "upgrade", "head")
    for revision in project.ids:
        project.file_of(revision).unlink()
    error = daemon.ctl("migrate", "downgrade", "base", expect=6).json["error"]
    assert error["code"] == "IRREVERSIBLE" and project.ids[0] in error["message"]
    assert database.heads() == [project.ids[1]]


def test_loose_steps_without_their_file(rig):
    project, database, daemon = rig.simple(1)
    project.add("CREATE INDEX CONCURRENTLY i ON t1 (id);", "DROP INDEX CONCURRENTLY i;",
                up_options="transaction=off", down_options="transaction=off")
    daemon.ctl("migrate", "upgrade", "head")
    project.file_of(project.ids[1]).unlink()
    daemon.ctl("migrate", "downgrade", "-1")
    assert database.value("SELECT to_regclass('i')") is None


def test_show(ahead):
    project, _, daemon, texts = ahead
    third = project.ids[2]
    shown = daemon.ctl("migrate", "show", third[:4]).json["revisions"][0]
    assert shown["revision"] == third and shown["source"] == "ledger" and shown["path"] is None
    assert shown["message"] == "Third" and shown["down_revision"] == [project.ids[1]]
    assert shown["is_applied"] is True and shown["applied_by"] and shown["applied_at"].endswith("Z")
    assert "-- woven is gone\nDROP TABLE t3;" in shown["sql"]
    page = daemon.text("migrate", "show", third).out
    assert "Source: the ledger; the file is gone\n" in page and "CREATE TABLE t3" in page
    assert f"(no file)\nParent: {project.ids[1]}\n" in page
    own = daemon.ctl("migrate", "show", project.ids[0]).json["revisions"][0]
    assert own["source"] == "file" and own["path"] and "applied_at" not in own
    # What is shown is the file again.
    for revision, (path, _) in texts.items():
        path.write_text(daemon.ctl("migrate", "show", revision).json["revisions"][0]["sql"])
    assert daemon.ctl("migrate", "status").json["state"] == "at-head"
    assert daemon.ctl("migrate", "verify").json["clean"] is True
    assert daemon.ctl("migrate", "show", "late@head").json["revisions"][0]["revision"] == project.ids[3]


def test_lists_name_them(ahead):
    project, _, daemon, _ = ahead
    history = daemon.ctl("migrate", "history").json["revisions"]
    assert [(item["revision"], item["message"], item["source"]) for item in history] == [
        (project.ids[3], "Fourth", "ledger"), (project.ids[2], "Third", "ledger"),
        (project.ids[1], "Step 2", "file"), (project.ids[0], "Step 1", "file")]
    lines = daemon.text("migrate", "history").out.splitlines()
    assert lines[0] == f"{project.ids[2]} -> {project.ids[3]} (head) (no file), Fourth"
    current = daemon.ctl("migrate", "current").json["revisions"]
    assert [(item["revision"], item["message"], item["source"]) for item in current] == [
        (project.ids[3], "Fourth", "ledger")]
    assert "(no file), Fourth" in daemon.text("migrate", "current").out


def test_log_names_them(ahead):
    _, _, daemon, _ = ahead
    entries = daemon.ctl("migrate", "log").json["entries"]
    assert [entry["message"] for entry in entries] == ["Fourth", "Third", "Step 2", "Step 1"]


def test_rows_that_nobody_knows(ahead):
    project, database, daemon, _ = ahead
    database.run("INSERT INTO alembic_version VALUES ('stranger')")
    current = daemon.ctl("migrate", "current").json["revisions"]
    assert [(item["revision"], item["source"]) for item in current] == [
        (project.ids[3], "ledger"), ("stranger", None)]
    assert "stranger (unknown)\n" in daemon.text("migrate", "current").out
    assert daemon.ctl("migrate", "status").json["state"] == "diverged"
    error = daemon.ctl("migrate", "downgrade", "-1", expect=1).json["error"]
    assert error["code"] == "REVISION_NOT_FOUND" and "stranger" in error["message"]


def test_an_older_host_beside_a_newer_one(ahead, rig):
    """Two hosts, the newer one leads: the older one understands, with its own files."""
    project, database, daemon, _ = ahead
    older = rig.daemon(project, database)
    older.wait_role("standby")
    assert older.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    assert older.ctl("migrate", "status").json["ahead"] == project.ids[2:]
    assert daemon.running
