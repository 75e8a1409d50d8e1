"""diff: any two schemas; dump: one as models, which check then finds to be the same."""

import shutil

import pytest

from rig.raw import as_nobody, needs_root
from rig.schema import Schema, notes_of

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


def test_what_is_no_side_is_an_error(schema):
    assert schema.daemon.ctl("migrate", "diff", "nothing", "head", expect=1).error["code"] == (
        "REVISION_NOT_FOUND")
    assert schema.daemon.ctl("migrate", "diff", "/nowhere/x.sql", "head", expect=1).error["code"] == (
        "IO_ERROR")
    error = schema.daemon.ctl("migrate", "diff", "host=/nowhere password=secret123", "head",
                              expect=1)
    assert error.error["code"] == "DATABASE_UNREACHABLE"
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
    daemon, dump = schema.daemon, schema.rig.folder / "dump.sql"
    dump.write_text(TABLE)
    dump.chmod(0o644)
    for access, answers in (
            ({"migrate": ["nobody"]}, ["ACCESS_DENIED"] * 5),
            ({"migrate": ["nobody"], "admin": ["nobody"]}, ["done"] * 3 + ["failed"] * 2)):
        daemon.write_conf(socket_mode="0666", access=access)
        daemon.stop()
        daemon.start()
        told = as_nobody(daemon, f"""
print(client.call('migrate.diff', target=['models', 'models'])['clean'])
for call, target in (('diff', ['models', '{dump}']), ('dump', '{dump}'), ('dump', ['{dump}']),
                     ('diff', ['dbname=x host=/nowhere', 'models']), ('dump', 'postgresql:///x')):
    answer = client.answer(client.request('migrate.' + call, target=target))
    print(answer['error']['data']['code'] if 'error' in answer else answer['result']['outcome'])
""").split()
        assert told == ["True", *answers]


@needs_root
def test_a_dump_is_read_only_where_its_reader_could(schema):
    """Readable by all, but in a folder that is not; behind a link; the daemon, root, could read both."""
    schema.daemon.write_conf(socket_mode="0666", access={"migrate": ["nobody"], "admin": ["nobody"]})
    schema.daemon.stop()
    schema.daemon.start()
    open_folder, closed = schema.rig.folder / "open", schema.rig.folder / "closed"
    open_folder.mkdir(mode=0o755)
    closed.mkdir(mode=0o700)
    for folder in (open_folder, closed):
        (folder / "dump.sql").write_text("CREATE TABLE secret ();\n")
        (folder / "dump.sql").chmod(0o644)
    (open_folder / "link.sql").symlink_to(closed / "dump.sql")
    told = as_nobody(schema.daemon, f"""
for path in ('{open_folder}/dump.sql', '{closed}/dump.sql', '{open_folder}/link.sql'):
    answer = client.call('migrate.dump', target=path)
    print(answer['outcome'] if 'error' not in answer else answer['error']['code'])
""").split()
    assert told == ["done", "ACCESS_DENIED", "ACCESS_DENIED"]


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
