"""`wovenctl import` on files written by each tool's conventions, and what it refuses."""

import os
import resource
import signal

import pytest
from rig.other_tools import import_from, write_files

TABLE_1 = "CREATE TABLE t1 (id int);\n"

GOLANG = {
    "000001_create_t1.up.sql": "BEGIN;\n\n" + TABLE_1 + "\nCOMMIT;\n",
    "000001_create_t1.down.sql": "begin transaction;\nDROP TABLE t1;\nend;\n",
    "000002_index.up.sql": "CREATE INDEX CONCURRENTLY t1_id ON t1 (id)",
    "000002_index.down.sql": "DROP INDEX CONCURRENTLY t1_id",
    "000010_add_t2.up.sql": "CREATE TABLE t2 (); -- no semicolon below\nCREATE TABLE t3 ()",
    "000010_add_t2.down.sql": "",
    "README.md": "no migration",
}

GOOSE = {
    "00001_create.sql":
        "-- +goose Up\n" + TABLE_1 +
        "-- +goose StatementBegin\nCREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$\n"
        "BEGIN\n  RETURN 1;\nEND\n$$\n-- +goose StatementEnd\n"
        "CREATE TABLE t2 ();\n\n-- +goose Down\nDROP TABLE t2;\n-- +goose statementbegin\n"
        "DROP FUNCTION one\n-- +goose statementend\nDROP TABLE t1;\n",
    "00002_index.sql":
        "-- +goose NO TRANSACTION\n-- +goose up\nCREATE INDEX CONCURRENTLY t1_id ON t1 (id);\n"
        "-- +goose down\nDROP INDEX CONCURRENTLY t1_id;\n",
    "00003_program.go": "package migrations\n\nfunc init() {}\n",
    "00003_program_test.go": "package migrations\n",
    "20240101000000_last.sql": "-- +goose Up\nSELECT 1;\n",
}

FLYWAY = {
    "V1__Create_t1.sql": "\ufeff" + TABLE_1.replace("\n", "\r\n"),
    "V1_10__Last.sql": "ALTER TABLE t1 ADD COLUMN b int;\n",
    "sub/V1.2__Middle.sql": "ALTER TABLE t1 ADD COLUMN a int;\n",
    "U1.10__Last.sql": "ALTER TABLE t1 DROP COLUMN b;\n",
    "U1_2__Middle.sql": "ALTER TABLE t1 DROP COLUMN a;\n",
    "V2.0__Index.sql": "CREATE INDEX CONCURRENTLY t1_a ON t1 (a);\n",
    "V3__Enum.sql": "CREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'b';\n",
    "V3__Enum.sql.conf": "executeInTransaction = false\n",
    "R__Views.sql": "CREATE OR REPLACE VIEW v AS SELECT a FROM t1;\n",
    "B2__Baseline.sql": "SELECT 1;\n",
    "afterMigrate.sql": "SELECT 2;\n",
}


def ids(result):
    return [revision["revision"] for revision in result.json["revisions"]]


def applied(name, folder, version, expect=0):
    result = import_from(name, folder, "unused", "--applied", version, expect=expect)
    return result.json.get("revision")


def up_and_down(rig, name, files, down="base"):
    """Imports, goes up to head and down again with wovend; returns the result, a file's text by its
    id, and the tables that were there at head."""
    folder = write_files(rig.folder / "theirs", files)
    project = rig.project()
    result = import_from(name, folder, project.versions)
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    assert daemon.status()["state"] == "at-head"
    tables = database.tables()
    daemon.ctl("migrate", "downgrade", down)
    texts = {revision: project.file_of(revision).read_text() for revision in ids(result)}
    return result, texts, tables, database


def test_golang_migrate(rig):
    result, texts, tables, database = up_and_down(rig, "golang-migrate", GOLANG)
    assert ids(result) == ["000001", "000002", "000010"]
    assert [revision["down_revision"] for revision in result.json["revisions"]] == [
        [], ["000001"], ["000002"]]
    assert tables == ["t1", "t2", "t3"]
    # Its empty down file means that nothing is to be done.
    assert database.tables() == ["t2", "t3"]
    assert "COMMIT" not in texts["000001"] and "transaction=off" not in texts["000001"]
    assert "-- woven:up transaction=off" in texts["000002"]
    assert applied("golang-migrate", rig.folder / "theirs", "10") == "000010"
    assert applied("golang-migrate", rig.folder / "theirs", "11", expect=1) is None


def test_goose(rig):
    folder = write_files(rig.folder / "theirs", GOOSE)
    project = rig.project()
    result = import_from("goose", folder, project.versions)
    assert ids(result) == ["00001", "00002", "00003", "20240101000000"]
    assert result.json["revisions"][2]["refuses"] == ["up", "down"]
    assert not result.json["revisions"][3]["has_down"]
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["sqlstate"] == "0A000" and "Go program" in error["message"]
    assert [row["revision"] for row in daemon.ctl("migrate", "current").json["revisions"]] == ["00002"]
    assert database.value("SELECT one()") == 1
    daemon.ctl("migrate", "downgrade", "base")
    assert database.tables() == []
    daemon.ctl("migrate", "upgrade", "00002")
    # Past the program by hand, as its user may.
    daemon.ctl("migrate", "stamp", "00003")
    daemon.ctl("migrate", "upgrade", "head")
    assert daemon.ctl("migrate", "downgrade", "-1", expect=6).error["code"] == "IRREVERSIBLE"


def test_flyway(rig):
    folder = write_files(rig.folder / "theirs", FLYWAY)
    project = rig.project()
    result = import_from("flyway", folder, project.versions)
    found = result.json["revisions"]
    assert [revision["version"] for revision in found] == ["1", "1.2", "1.10", "2.0", "3",
                                                           "R__Views"]
    assert [revision["revision"] for revision in found][:5] == ["1", "1.2", "1.10", "2.0", "3"]
    assert len(found[5]["revision"]) == 12
    notes = {note["kind"] for note in result.json["notes"]}
    assert notes == {"repeatable", "left_out"}
    assert "transaction=off" in project.file_of("3").read_text()
    database = rig.database()
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "1.10")
    daemon.ctl("migrate", "downgrade", "1")
    daemon.ctl("migrate", "upgrade", "head")
    assert database.value("SELECT count(*) FROM v") == 0
    assert applied("flyway", folder, "1.10") == "1.10"


def test_flyway_question(rig):
    """On the table as Flyway keeps it, with a version that was undone."""
    folder = write_files(rig.folder / "theirs", FLYWAY)
    question = import_from("flyway", folder, rig.folder / "out").json["question"]
    database = rig.database()
    database.run("CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version "
                 "varchar(50), description varchar(200), type varchar(20), success boolean)")
    database.run("INSERT INTO flyway_schema_history VALUES (1, '1', '', 'SQL', true), "
                 "(2, '1.2', '', 'SQL', true), (3, '1.10', '', 'SQL', true), "
                 "(4, NULL, 'Views', 'SQL', true), (5, '2.0', '', 'SQL', false), "
                 "(6, '1.10', '', 'UNDO_SQL', true)")
    assert database.value(question) == "1.2"
    database.run("INSERT INTO flyway_schema_history VALUES (7, '1.10', '', 'SQL', true)")
    assert database.value(question) == "1.10"


def test_goose_question(rig):
    """On the table as goose keeps it: a row for each time that a version went up or down."""
    folder = write_files(rig.folder / "theirs", GOOSE)
    question = import_from("goose", folder, rig.folder / "out").json["question"]
    database = rig.database()
    database.run("CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint, "
                 "is_applied boolean, tstamp timestamp DEFAULT now())")
    database.run("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), "
                 "(1, true), (2, true), (3, true), (3, false)")
    assert database.value(question) == 2
    assert applied("goose", folder, str(database.value(question))) == "00002"


FAULTY = {
    "golang-migrate": ({
        "1_a.up.sql": "SELECT 1;\n\nCOMMIT;\nSELECT 2;\n",
        "1_a.down.sql": "\\i other.sql\n",
        "2_b.up.sql": "\nCOPY t FROM STDIN;\n1\n\\.\n",
        "2_c.up.sql": "SELECT 1;",
        "3_d.down.sql": "SELECT 1;",
        "4_e.up.sql": b"SELECT '\xff';",
        "5_f.up.sql": "SELECT 'never closed;",
    }, [("1_a.down.sql", 1, "meta_command"), ("1_a.up.sql", 3, "transaction_control"),
        ("2_b.up.sql", 2, "copy_stdin"), ("2_c.up.sql", None, "duplicate_version"),
        ("4_e.up.sql", None, "invalid_utf8"), ("5_f.up.sql", 1, "unterminated")]),
    "dbmate": ({
        "1_a.sql": "SELECT 1;\n-- migrate:up\nSELECT 1;\n",
        "2_b.sql": "-- migrate:down\nSELECT 1;\n",
        "3_c.sql": "-- migrate:up color:red\n\n\nBEGIN;\nSELECT 1;\n",
    }, [("1_a.sql", 1, "text_outside_section"), ("2_b.sql", None, "missing_up"),
        ("3_c.sql", 1, "bad_option"), ("3_c.sql", 4, "transaction_control")]),
    "goose": ({
        "1_a.sql": "-- +goose ENVSUB ON\n-- +goose Up\nSELECT ${X};\n",
        "2_b.sql": "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n",
        "2_c.sql": "-- +goose Up\nSELECT 1;\n",
    }, [("1_a.sql", 1, "bad_marker"), ("2_b.sql", 3, "unterminated"),
        ("2_c.sql", None, "duplicate_revision")]),
    "flyway": ({
        "V1__a.sql": "SELECT 1,\n '${schema}';\n",
        "sub/V1.0__b.sql": "SELECT 1;\n",
        "Vx__c.sql": "SELECT 1;\n",
        "U9__d.sql": "SELECT 1;\n",
    }, [("U9__d.sql", None, "missing_up"), ("V1__a.sql", 2, "placeholder"),
        ("sub/V1.0__b.sql", None, "duplicate_version"), ("Vx__c.sql", None, "bad_version")]),
    "node-pg-migrate": ({
        "1_a.sql": "-- Down Migration\nSELECT 1;\n",
        "2_b.sql": "SELECT 1;\nROLLBACK;\n",
    }, [("1_a.sql", None, "missing_up"), ("2_b.sql", 2, "transaction_control")]),
    "sqitch": ({
        "sqitch.plan": "%syntax-version=1.0.0\n%project=p\n\n"
                       "a [later] 2024-01-01T00:00:00Z T <t@e> # a\n"
                       "later [!a] 2024-01-01T00:00:00Z T <t@e> # b\n-gone 2024-01-01T00:00:00Z T <t@e>\n",
        "deploy/a.sql": "BEGIN;\nCREATE SCHEMA :\"name\";\nCOMMIT;\n",
    }, [("deploy/a.sql", 2, "psql_variable"), ("deploy/later.sql", None, "unreadable"),
        ("sqitch.plan", 4, "missing_change"), ("sqitch.plan", 5, "conflict"),
        ("sqitch.plan", 6, "bad_plan")]),
}


@pytest.mark.parametrize("name", FAULTY)
def test_all_faults_at_once_and_nothing_written(rig, name):
    files, expected = FAULTY[name]
    folder = write_files(rig.folder / "theirs", files)
    error = import_from(name, folder, rig.folder / "out", expect=1).error
    assert error["code"] == "LOAD_ERROR"
    found = [(problem["file"].replace(f"{folder}/", ""), problem.get("line") or None, problem["kind"])
             for problem in error["problems"]]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert not (rig.folder / "out").exists()


def test_existing_revisions_are_never_overwritten(rig):
    folder = write_files(rig.folder / "theirs", {
        "1_a.up.sql": "SELECT 1;", "2_b.up.sql": "SELECT 2;", "3_c.up.sql": "SELECT 3;"})
    out = write_files(rig.folder / "out", {"sub/2_other.sql": "mine", "1x.sql": "mine too"})
    error = import_from("golang-migrate", folder, out, expect=1).error
    assert [problem["kind"] for problem in error["problems"]] == ["file_exists"]
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.sql")) == [
        "1x.sql", "sub/2_other.sql"]
    assert (out / "sub/2_other.sql").read_text() == "mine"
    # What only turns up while writing takes all back.
    (out / "sub/2_other.sql").unlink()
    os.symlink("/nowhere", out / "3_c.sql")
    error = import_from("golang-migrate", folder, out, expect=1).error
    assert error["code"] in ("LOAD_ERROR", "FILE_EXISTS")
    assert sorted(path.name for path in out.iterdir()) == ["1x.sql", "3_c.sql", "sub"]


def test_a_full_disk_leaves_nothing(rig):
    """A limit on the size of files stands for it."""
    folder = write_files(rig.folder / "theirs", {
        "1_a.up.sql": "SELECT 1;", "2_b.up.sql": "SELECT 2;\n" * 1000})
    out = rig.folder / "out"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = import_from("golang-migrate", folder, out, expect=1, preexec_fn=limit)
    assert result.error["code"] == "IO_ERROR" and "2_b.sql" in result.error["message"]
    assert not out.exists()


def test_dry_run_and_text(rig):
    folder = write_files(rig.folder / "theirs", GOLANG)
    out = rig.folder / "out"
    result = import_from("golang-migrate", folder, out, "--dry-run", json_output=False)
    assert not out.exists()
    assert "Would write 3 revisions" in result.out and "SELECT version FROM" in result.out
    assert result.out.splitlines()[0].split() == ["VERSION", "REVISION", "FILE"]
    assert result.out.splitlines()[3].split() == ["10", "000010", f"{out}/000010_add_t2.sql"]
    assert "README.md" not in result.err
    quiet = import_from("golang-migrate", folder, out, "--quiet", json_output=False).out
    assert len(quiet.splitlines()) == 4
    assert sorted(path.name for path in out.iterdir()) == [
        "000001_create_t1.sql", "000002_index.sql", "000010_add_t2.sql"]


def test_notes_for_people(rig):
    folder = write_files(rig.folder / "theirs", {
        "1_a.up.sql": "CREATE TABLE t ();\nVACUUM t;\n", "notes.sql": "SELECT 1;"})
    result = import_from("golang-migrate", folder, rig.folder / "out", json_output=False)
    assert f"note: {folder}/1_a.up.sql:2: this statement cannot run in a transaction" in result.err
    assert f"note: {folder}/notes.sql: is left out" in result.err
    assert "transaction=off" in (rig.folder / "out/1_a.sql").read_text()


@pytest.mark.parametrize("name", ["dbmate", "sqitch", "flyway"])
def test_wrong_folder(rig, name):
    assert import_from(name, rig.folder / "none", rig.folder / "out", expect=1).error["code"] in (
        "IO_ERROR", "LOAD_ERROR")
    empty = write_files(rig.folder / "empty", {"x.txt": ""})
    error = import_from(name, empty, rig.folder / "out", expect=1).error
    assert error["hint"]


def test_ids_where_the_version_can_be_none(rig):
    """A version that cannot be an id, or a name, gives 12 hex digits, the same in each run."""
    plan = ("%syntax-version=1.0.0\n%project=p\n\nadd-users 2024-01-01T00:00:00Z T <t@e> # x\n"
            "head 2024-01-01T00:00:00Z T <t@e> # y\n")
    files = {"sqitch.plan": plan, "deploy/add-users.sql": "SELECT 1;", "deploy/head.sql": ""}
    folder = write_files(rig.folder / "theirs", files)
    first = ids(import_from("sqitch", folder, rig.folder / "a"))
    assert first == ids(import_from("sqitch", folder, rig.folder / "b"))
    assert len(set(first)) == 2
    assert all(len(one) == 12 and set(one) <= set("0123456789abcdef") for one in first)


def test_usage():
    error = import_from("dbmate", "x", "y", "--python", "z", expect=2).error
    assert error["code"] == "USAGE"
    assert import_from("rails", "x", "y", expect=2).error["code"] == "USAGE"
