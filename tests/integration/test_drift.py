"""drift: the live database against what its ledger says; test: revisions up, down and up again."""

import pytest

from rig.schema import Schema


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig)
    schema.project.add("CREATE TABLE a (id integer PRIMARY KEY, name text);", "DROP TABLE a;")
    schema.project.add("CREATE INDEX CONCURRENTLY a_name ON a (name);",
                       "DROP INDEX CONCURRENTLY a_name;", up_options="transaction=off",
                       down_options="transaction=off")
    return schema


def test_no_drift(schema):
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True
    schema.daemon.ctl("migrate", "upgrade", "head")
    found = schema.daemon.ctl("migrate", "drift").json
    assert found["clean"] is True and found["changes"] == []


def test_drift_is_shown_with_the_way_back(schema):
    schema.daemon.ctl("migrate", "upgrade", "head")
    schema.database.run("ALTER TABLE a ADD COLUMN by_hand date")
    found = schema.daemon.ctl("migrate", "drift", expect=3).json
    assert [(c["change"], c["object"]) for c in found["changes"]] == [("drop", "public.a.by_hand")]
    [statement] = found["statements"]
    assert "DROP COLUMN by_hand" in statement["sql"]
    told = schema.daemon.text("migrate", "drift", expect=3).out
    assert "\nSQL that would bring the database back:\n" in told, told
    schema.database.run(statement["sql"])
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True


def test_a_database_is_taken_over_in_the_way_that_is_told(rig):
    schema = Schema(rig)
    schema.database.run("CREATE TABLE a (id serial PRIMARY KEY, v varchar(9) CHECK (v IN ('a', 'b'))); "
                        "INSERT INTO a (v) VALUES ('a')")
    told = [note for note in schema.daemon.ctl("migrate", "drift", expect=3).json["notes"]
            if "to take it over" in note]
    assert len(told) == 1 and told[0].index("dump live") < told[0].index("stamp head"), told
    schema.daemon.ctl("migrate", "dump", "live", "--directory", str(schema.models))
    schema.autogenerate(message="Baseline")
    schema.daemon.ctl("migrate", "stamp", "head")
    found = schema.daemon.ctl("migrate", "drift").json
    assert found["clean"] is True and not any("take it over" in note for note in found["notes"])
    assert schema.check()["clean"] is True
    assert schema.database.value("SELECT count(*) FROM a") == 1


def test_files_that_are_gone_or_edited_do_not_matter(schema):
    schema.daemon.ctl("migrate", "upgrade", "head")
    schema.project.file_of(schema.project.ids[1]).unlink()
    first = schema.project.file_of(schema.project.ids[0])
    first.write_text(first.read_text().replace("name text", "name varchar(7)"))
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True


def test_an_unreachable_database_is_no_clean_one(schema):
    schema.daemon.stop()
    schema.daemon.write_conf(database="host=/nowhere dbname=x")
    schema.daemon.start()
    result = schema.daemon.ctl("migrate", "drift", expect=1)
    assert result.error["code"] == "DATABASE_UNREACHABLE" and "clean" not in result.json


IN = "CHECK (v IN ('a', 'b'))"


@pytest.fixture(name="printed")
def _printed(rig):
    """Its check is typed, and what the server prints of it is another text once loaded again."""
    schema = Schema(rig)
    schema.project.add(f"CREATE TABLE b (v varchar(9), CONSTRAINT few {IN});", "DROP TABLE b;")
    schema.daemon.ctl("migrate", "upgrade", "head")
    printed = schema.database.value("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'few'")
    schema.anew = f"ALTER TABLE b DROP CONSTRAINT few; ALTER TABLE b ADD CONSTRAINT few {printed};"
    return schema


def test_expressions_that_differ_in_their_text_alone_are_no_drift(printed):
    printed.database.run(printed.anew)
    again = printed.database.value("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'few'")
    assert again not in printed.anew
    found = printed.daemon.ctl("migrate", "drift").json
    assert found["clean"] is True and not any("text alone" in note for note in found["notes"])
    for one, other in (("live", "head"), ("head", "live"), (printed.database.conninfo, "head")):
        found = printed.daemon.ctl("migrate", "diff", one, other).json
        assert found["clean"] is True and not any("text alone" in note for note in found["notes"])
    printed.database.run("ALTER TABLE b ALTER COLUMN v TYPE varchar(10)")
    found = printed.daemon.ctl("migrate", "drift", expect=3).json
    assert [(c["kind"], c["object"]) for c in found["changes"]][0] == ("column", "public.b.v")


def test_a_schema_that_pg_dump_may_not_read_is_told_unsettled(printed):
    printed.database.run(printed.anew + "CREATE ROLE peeks LOGIN")
    peeking = printed.database.conninfo.replace("user=postgres", "user=peeks")
    assert "user=peeks" in peeking
    found = printed.daemon.ctl("migrate", "diff", peeking, "head", expect=3).json
    assert any("text alone" in note and "permission denied" in note for note in found["notes"]), found


def test_a_way_back_that_prints_anew_passes_the_test(printed):
    printed.project.add("ALTER TABLE b DROP CONSTRAINT few;", printed.anew.split(";")[1] + ";")
    found = printed.daemon.ctl("migrate", "test", "--all").json
    assert found["clean"] is True and len(found["revisions"]) == 2


def trials(found):
    return [(item["revision"], item["passed"]) for item in found["revisions"]]


def test_what_comes_back_passes(schema):
    ids = schema.project.ids
    found = schema.daemon.ctl("migrate", "test", "--all").json
    assert found["clean"] is True and trials(found) == [(ids[0], True), (ids[1], True)]
    assert trials(schema.daemon.ctl("migrate", "test", ids[1]).json) == [(ids[1], True)]
    assert trials(schema.daemon.ctl("migrate", "test").json) == trials(found)
    schema.daemon.ctl("migrate", "upgrade", "head")
    assert "no revision is pending" in schema.daemon.text("migrate", "test").out
    assert "that is no revision" in schema.daemon.text("migrate", "test", "base").out
    assert len(schema.daemon.ctl("migrate", "test", ":head").json["revisions"]) == 2


def test_what_does_not_come_back_is_named(schema):
    bad = schema.project.add("CREATE TABLE b (); CREATE TABLE c ();", "DROP TABLE b;")
    last = schema.project.add("ALTER TABLE a ADD x integer;", "ALTER TABLE a DROP x;")
    found = schema.daemon.ctl("migrate", "test", "--all", expect=3).json
    assert trials(found)[2] == (bad, False)
    trial = found["revisions"][2]
    assert trial["turn"] == "down"
    assert [(c["change"], c["object"]) for c in trial["changes"]] == [("create", "public.c")]
    assert trial["fault"] == "the schema is not what it was: it has table public.c"
    assert "FAILED" in schema.daemon.text("migrate", "test", bad, expect=3).out
    assert trials(found)[3] == (last, True)


def test_a_down_that_fails_and_one_that_is_missing(schema):
    fails = schema.project.add("CREATE TABLE b ();", "DROP TABLE nothing;")
    found = schema.daemon.ctl("migrate", "test", fails, expect=3).json
    assert found["revisions"][0]["turn"] == "down"
    assert found["revisions"][0]["fault"] == 'table "nothing" does not exist'
    error = found["revisions"][0]["error"]
    assert (error["sqlstate"], error["file"]) == ("42P01", str(schema.project.file_of(fails))), error
    told = schema.daemon.text("migrate", "test", fails, expect=3).out
    assert f"{schema.project.file_of(fails)}:{error['line']}" in told and "DROP TABLE nothing" in told
    schema.project.file_of(fails).unlink()
    schema.project.ids.pop()
    only_up = schema.project.add("CREATE TABLE b ();", None)
    found = schema.daemon.ctl("migrate", "test", only_up).json
    assert found["revisions"][0]["irreversible"] is True


def test_branches_and_merges(schema):
    base = schema.project.ids[-1]
    left = schema.project.add("CREATE TABLE l ();", "DROP TABLE l;", down_revision=base)
    right = schema.project.add("CREATE TABLE r ();", "DROP TABLE r;", down_revision=base)
    schema.project.add("CREATE TABLE m ();", "DROP TABLE m;", down_revision=f"{left}, {right}")
    found = schema.daemon.ctl("migrate", "test", "--all").json
    assert len(found["revisions"]) == 5 and found["clean"] is True
