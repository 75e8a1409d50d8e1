"""diff: any two schemas; dump: one as models, which check then finds to be the same."""

import os
import pwd
import shutil

import pytest

from rig.raw import as_nobody, needs_root
from rig.schema import Schema, needs_wovens, notes_of

TABLE = "CREATE TABLE a (id integer PRIMARY KEY, name text NOT NULL);\n"


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig)
    schema.project.add(TABLE, "DROP TABLE a;")
    schema.project.add("CREATE SCHEMA s; CREATE VIEW s.v AS SELECT name FROM a;\n"
                       "CREATE TABLE s.b (a integer REFERENCES a, t text DEFAULT 'x');\n"
                       "CREATE INDEX ON s.b (t); COMMENT ON TABLE s.b IS 'it''s b';", "")
    schema.model("a.sql", TABLE)
    return schema


def changes(schema, one, other, expect=3):
    found = schema.daemon.ctl("migrate", "diff", str(one), str(other), expect=expect).json
    assert found["clean"] is (expect == 0)
    return sorted((c["change"], c["object"]) for c in found["changes"])


def test_all_kinds_of_sides(schema, tmp_path):
    first, second = schema.project.ids
    assert changes(schema, first, "models", expect=0) == []
    assert changes(schema, "base", first) == [("create", "public.a")]
    assert ("create", "s.b") in changes(schema, "models", "head")
    assert ("drop", "s.b") in changes(schema, second, "models")
    schema.daemon.ctl("migrate", "upgrade", first)
    assert changes(schema, "live", first, expect=0) == []
    other = schema.rig.database()
    other.run(TABLE + "CREATE TABLE extra ();")
    assert changes(schema, "live", other.conninfo) == [("create", "public.extra")]
    dump = tmp_path / "dump.sql"
    dump.write_text("\n".join(other.dump()) + "\n")
    dump.chmod(0o644)
    assert changes(schema, dump, other.conninfo, expect=0) == []
    (schema.project.folder / "here.sql").write_bytes(dump.read_bytes())
    assert changes(schema, "here.sql", dump, expect=0) == []


def test_what_is_no_side_is_an_error(schema):
    assert schema.daemon.ctl("migrate", "diff", "nothing", "head", expect=1).error["code"] == (
        "REVISION_NOT_FOUND")
    assert schema.daemon.ctl("migrate", "diff", "/nowhere/x.sql", "head", expect=1).error["code"] == (
        "IO_ERROR")
    for path in ("./x.sql", "../nowhere/x", "nope.sql", "nowhere/x.sql"):
        error = schema.daemon.ctl("migrate", "diff", path, "head", expect=1).error
        assert error["code"] == "IO_ERROR" and path in error["message"]
    archive = schema.project.folder / "archive"
    archive.write_bytes(b"PGDMP\x01\x0e\x00")
    error = schema.daemon.ctl("migrate", "diff", "head", "./archive", expect=1).error
    assert error["code"] == "LOAD_ERROR" and "pg_restore" in error["hint"]
    error = schema.daemon.ctl("migrate", "diff", "host=/nowhere password=secret123", "head",
                              expect=1)
    assert error.error["code"] == "DATABASE_UNREACHABLE" and "connection string" in error.error["hint"]
    assert "secret123" not in error.out + schema.daemon.log_text()


def test_a_dump_as_models_is_the_same_schema(schema):
    folder = schema.project.folder / "dumped"
    schema.daemon.ctl("migrate", "dump", "head", "--directory", str(folder))
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.sql"))
    assert files == ["public/tables/a.sql", "s/tables/b.sql", "s/view.sql", "schema.sql"]
    assert "REFERENCES" in (folder / "s/tables/b.sql").read_text()
    shutil.rmtree(schema.models)
    folder.rename(schema.models)
    assert schema.check()["clean"] is True


def test_a_dump_to_standard_output_is_the_same_schema(schema):
    text = schema.daemon.text("-q", "migrate", "dump", "live").out
    assert text == ""
    schema.daemon.ctl("migrate", "upgrade", "head")
    text = schema.daemon.text("migrate", "dump", "live").out
    schema.model("a.sql", text)
    assert schema.check()["clean"] is True


def test_nothing_is_overwritten(schema):
    folder = schema.project.folder / "dumped"
    schema.daemon.ctl("migrate", "dump", "--directory", str(folder))
    error = schema.daemon.ctl("migrate", "dump", "--directory", str(folder), expect=1).error
    assert error["code"] == "FILE_EXISTS"
    # Not the others either.
    files = sorted(folder.rglob("*.sql"))
    assert len(files) > 1
    for path in files:
        kept = path.read_bytes()
        for other in files:
            other.unlink(missing_ok=True)
        path.write_bytes(kept)
        schema.daemon.ctl("migrate", "dump", "--directory", str(folder), expect=1)
        assert [*folder.rglob("*.sql")] == [path]
        schema.daemon.ctl("migrate", "dump", "--directory", str(path), expect=1)
        path.unlink()
        schema.daemon.ctl("migrate", "dump", "--directory", str(folder))


@needs_wovens
def test_wovens_own_schema_dumped_is_the_same(rig):
    schema = Schema(rig, wovens=True)
    shutil.rmtree(schema.models)
    schema.daemon.ctl("migrate", "dump", "--directory", str(schema.models))
    assert schema.check()["clean"] is True


def test_lines_for_psql_inside_of_a_body_are_its_own(schema, tmp_path):
    other = schema.rig.database()
    other.run("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT $$\n\\connect a\n$$'")
    dump = tmp_path / "dump.sql"
    dump.write_text("\n".join(other.dump()) + "\n")
    dump.chmod(0o644)
    assert changes(schema, dump, other.conninfo, expect=0) == []


def test_a_dump_is_read_behind_a_nul_byte_too(schema, tmp_path):
    dump = tmp_path / "dump.sql"
    dump.write_text("CREATE TABLE a ();\n\0CREATE TABLE b ();")
    error = schema.daemon.ctl("migrate", "diff", "base", str(dump), expect=1).json["error"]
    assert [(p["kind"], p["file"], p["line"]) for p in error["problems"]] == [("nul_byte", str(dump), 2)]


def test_default_privileges_of_models_give_nothing(schema):
    """Their place among the models means nothing; what an object has is written with it."""
    for role in ("woven_anna", "woven_bert"):
        schema.database.run(f"CREATE ROLE {role}")
    schema.project.add("CREATE TABLE before (); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "
                       "woven_anna; CREATE TABLE after (); ALTER DEFAULT PRIVILEGES IN SCHEMA s "
                       "REVOKE SELECT ON TABLES FROM woven_bert;\n"
                       "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO woven_bert;"
                       "CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "")
    shutil.rmtree(schema.models)
    schema.daemon.ctl("migrate", "dump", "--directory", str(schema.models))
    assert schema.check()["clean"] is True
    text = schema.daemon.text("migrate", "dump").out
    shutil.rmtree(schema.models)
    schema.models.mkdir()
    statements = text.split(";\n")
    schema.model("a.sql", ";\n".join(s for s in statements if "DEFAULT PRIVILEGES" not in s) + ";\n")
    for name in ("0.sql", "z.sql"):
        path = schema.model(name, ";\n".join(s for s in statements if "DEFAULT PRIVILEGES" in s) +
                            ";\n")
        assert schema.check()["clean"] is True
        path.unlink()


@needs_root
def test_what_is_not_the_projects_needs_an_administrator(schema):
    """A dump is SQL that nobody has reviewed, a connection string another server."""
    daemon = schema.daemon
    for access, answers in (
            ({"migrate": ["nobody"]}, ["ACCESS_DENIED"] * 5),
            ({"migrate": ["nobody"], "admin": ["nobody"]}, ["done"] * 3 + ["failed"] * 2)):
        daemon.write_conf(socket_mode="0666", access=access)
        daemon.stop()
        daemon.start()
        told = as_nobody(daemon, f"""
from rig.raw import sealed
print(client.call('migrate.diff', target=['models', 'models'])['clean'])
for call, target, texts in (
        ('diff', ['models', '/a.sql'], 1), ('dump', '/a.sql', 1), ('dump', ['/a.sql'], 1),
        ('diff', ['dbname=x host=/nowhere', 'models'], 0), ('dump', 'postgresql:///x', 0)):
    request = client.request_with([sealed({TABLE!r})] * texts, 'migrate.' + call, target=target)
    answer = client.answer(request)
    print(answer['error']['data']['code'] if 'error' in answer else answer['result']['outcome'])
""").split()
        assert told == ["True", *answers]


@needs_root
def test_a_dump_is_read_by_the_caller(schema):
    """What he may not read is not read for him; the daemon, root, could."""
    daemon = schema.daemon
    daemon.write_conf(socket_mode="0666", access={"migrate": ["nobody"], "admin": ["nobody"]})
    daemon.stop()
    daemon.start()
    nobody = pwd.getpwnam("nobody")
    as_he = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": (), "cwd": "/"}
    dump, closed = schema.rig.folder / "dump.sql", schema.rig.folder / "closed.sql"
    for path, mode in ((dump, 0o644), (closed, 0o600)):
        path.write_text(TABLE)
        path.chmod(mode)
    assert daemon.ctl("migrate", "diff", str(dump), "models", **as_he).json["clean"] is True
    error = daemon.ctl("migrate", "diff", str(closed), "models", expect=1, **as_he).error
    assert error["code"] == "IO_ERROR" and "Permission denied" in error["message"]


def test_a_dump_may_come_by_a_pipe(schema):
    ends = os.pipe()
    os.write(ends[1], TABLE.encode())
    os.close(ends[1])
    found = schema.daemon.ctl("migrate", "diff", f"/dev/fd/{ends[0]}", "models", pass_fds=[ends[0]])
    assert found.json["clean"] is True
    os.close(ends[0])


def test_a_dump_that_did_not_come_is_asked_for(schema):
    error = schema.daemon.refused("migrate.dump", target="/a.sql")
    assert error["code"] == "TEXT_REQUIRED" and "/a.sql" in error["message"] and error["hint"]
    path = schema.rig.folder / "long.sql"
    path.touch()
    os.truncate(path, (64 << 20) + 1)
    error = schema.daemon.ctl("migrate", "diff", str(path), "head", expect=1).error
    assert error["code"] == "LIMIT_EXCEEDED" and "long.sql" in error["message"]


def test_a_dump_with_a_body_that_does_not_work_any_more(schema, tmp_path):
    other = schema.rig.database()
    other.run("CREATE TABLE t (); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS "
              "'SELECT count(*) FROM t'; CREATE TABLE gone (); CREATE FUNCTION g() RETURNS bigint "
              "LANGUAGE sql AS 'SELECT count(*) FROM gone'; DROP TABLE gone")
    dump = tmp_path / "dump.sql"
    dump.write_text("\n".join(other.dump()) + "\n")
    dump.chmod(0o644)
    found = schema.daemon.ctl("migrate", "diff", str(dump), other.conninfo).json
    assert found["clean"] is True
    [note] = notes_of(found)
    assert 'body of g: relation "gone" does not exist' in note
