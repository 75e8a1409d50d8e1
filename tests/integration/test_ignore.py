"""The setting `ignore`: what autogenerate, check, drift, diff and dump leave alone."""

import pytest

from rig.daemon import settings_have_faults
from rig.schema import Schema

OURS = "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
THEIRS = """CREATE SCHEMA legacy;
CREATE TYPE legacy.mood AS ENUM ('good', 'bad');
CREATE TABLE legacy.old (id integer PRIMARY KEY, mood legacy.mood);
COMMENT ON TABLE legacy.old IS 'not ours';
CREATE TABLE spatial_ref (id integer PRIMARY KEY);
CREATE INDEX tuning_a ON a (name);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER audit_a BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();
CREATE EXTENSION citext;
"""
IGNORE = ["schema legacy", "public.spatial_*", "index public.tuning_*", "trigger public.a.audit_*",
          "routine *.touch", "extension citext"]


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig, ignore=IGNORE)
    schema.project.add(OURS, "DROP TABLE a;")
    schema.model("a.sql", OURS)
    return schema


def shown(found):
    return [(item["change"], item["kind"], item["object"]) for item in found["changes"]]


def test_what_revisions_make_and_models_do_not_is_left_alone(schema):
    schema.project.add(THEIRS, None)
    assert schema.check()["clean"] is True
    schema.model("a.sql", OURS.replace("name text", "name text, added date"))
    found = schema.autogenerate()
    assert found["proven"] is True
    assert shown(found) == [("create", "column", "public.a.added")]
    assert [statement["sql"] for statement in found["statements"]] == [
        "ALTER TABLE public.a ADD COLUMN added date"]
    assert schema.autogenerate()["clean"] is True


def test_what_models_make_and_revisions_do_not_is_not_made(schema):
    schema.model("theirs.sql", THEIRS)
    assert schema.check()["clean"] is True


def test_drift_diff_and_dump_leave_it_out(schema):
    schema.daemon.ctl("migrate", "upgrade", "head")
    schema.database.run(THEIRS)
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True
    assert schema.daemon.ctl("migrate", "diff", "head", "live").json["clean"] is True
    dumped = schema.daemon.text("migrate", "dump", "live").out
    assert "CREATE TABLE public.a" in dumped
    assert "legacy" not in dumped and "tuning_a" not in dumped and "touch" not in dumped
    schema.database.run("ALTER TABLE a ADD COLUMN extra integer")
    found = schema.daemon.ctl("migrate", "drift", expect=3).json
    assert shown(found) == [("drop", "column", "public.a.extra")]


def test_what_stands_in_the_way_is_an_error_with_the_path(schema):
    schema.project.add("CREATE SCHEMA legacy; CREATE VIEW public.v AS SELECT name FROM a;"
                       "CREATE VIEW legacy.w AS SELECT name FROM public.v;", None)
    schema.model("a.sql", OURS.replace("name text", "name varchar(20)") +
                 "CREATE VIEW v AS SELECT name FROM a;")
    before = sorted(schema.project.versions.iterdir())
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert error["code"] == "SCHEMA_UNWRITTEN"
    assert "view legacy.w is ignored" in error["message"]
    assert error["message"].endswith("view public.v, because of column public.a.name")
    assert "`ignore`" in error["hint"]
    assert sorted(schema.project.versions.iterdir()) == before
    found = schema.check(expect=3)
    assert any("legacy.w is ignored" in note for note in found["notes"])


def test_an_ignored_part_of_what_goes_is_in_the_way(schema):
    schema.project.add("CREATE TABLE b (x integer); CREATE INDEX tuning_b ON b (x);", None)
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert "the index public.b.tuning_b is ignored, but stands in the way of what has to be dropped:" \
           " column public.b.x" in error["message"]


def test_what_is_needed_and_ignored_has_to_be_there(schema):
    schema.model("b.sql", "CREATE TABLE spatial_ref (id integer PRIMARY KEY);"
                          "CREATE TABLE b (ref integer REFERENCES spatial_ref);")
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert "public.spatial_ref" in error["message"] and "ignored and not there" in error["message"]
    schema.project.add("CREATE TABLE spatial_ref (id integer PRIMARY KEY);",
                       "DROP TABLE spatial_ref;")
    found = schema.autogenerate()
    assert found["proven"] is True and shown(found) == [("create", "table", "public.b")]


def test_bad_patterns_have_file_and_line(rig):
    settings_have_faults(
        rig.project().folder / "bad.conf",
        'project = "woven"\nignore = {"tabel public.x", "", "table old",\n'
        '  "column public.a.x", "public.[ab"}\n'
        'database "crm" {\n    ignore = {"schema "}\n}\n',
        ((2, 'no kind of object "tabel"'), (2, '"" names nothing'),
         (2, '"table old" names no schema'), (2, '"column public.a.x": a column goes'),
         (2, '"public.[ab" ends in the middle'), (5, '"schema " names nothing')))


def test_a_section_has_patterns_of_its_own(rig):
    schema = Schema(rig, ignore=["public.spatial_*"])
    schema.project.add("CREATE TABLE spatial_x (id integer);", "DROP TABLE spatial_x;")
    schema.model("x.sql", "CREATE SCHEMA empty;\n")
    assert shown(schema.check(expect=3)) == [("create", "schema", "empty")]
    schema.daemon.write_conf(ignore=["schema empty"])
    schema.daemon.ctl("daemon", "reload")
    assert shown(schema.check(expect=3)) == [("drop", "table", "public.spatial_x")]
