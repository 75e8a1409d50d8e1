"""What a schema change may do to rows and counters, seen in a database that has some."""

import pytest

from rig.schema import Schema

BASE = "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig)
    schema.project.add(BASE, "DROP TABLE a;")
    schema.model("a.sql", BASE)
    return schema


def settled(schema):
    """Nothing is left to do, and what was written runs in the database."""
    assert schema.check()["clean"] is True
    assert schema.daemon.ctl("migrate", "upgrade", "heads").json["outcome"] == "done"


def test_materialized_views_hold_their_rows(schema):
    """One that is new, and one that is made anew below which a column's type changes."""
    seen = "CREATE MATERIALIZED VIEW seen AS SELECT name FROM a;\n"
    schema.project.add(seen + "INSERT INTO a VALUES (1, 'one');", "DROP MATERIALIZED VIEW seen;")
    schema.daemon.ctl("migrate", "upgrade", "heads")
    schema.database.run("REFRESH MATERIALIZED VIEW seen")
    schema.model("a.sql", BASE.replace("name text", "name varchar(20)") + seen +
                 "CREATE MATERIALIZED VIEW new AS SELECT id FROM a;\n")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert not any("NO DATA" in file["content"] for file in found["files"])
    [hazards] = [statement["hazards"] for statement in found["statements"]
                 if statement["sql"].startswith("CREATE MATERIALIZED VIEW public.seen")]
    assert [hazard["code"] for hazard in hazards] == ["rewrite"]
    settled(schema)
    assert schema.database.value("SELECT name FROM seen") == "one"
    assert schema.database.value("SELECT id FROM new") == 1
    schema.daemon.ctl("migrate", "downgrade", "-1")
    assert schema.database.value("SELECT name FROM seen") == "one"


def test_a_materialized_view_that_gets_rows(schema):
    """It is filled, and what has rows by now is never emptied again."""
    schema.project.add("CREATE MATERIALIZED VIEW m AS SELECT id FROM a WITH NO DATA;", "")
    schema.model("m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id FROM a;\n")
    found = schema.autogenerate()
    assert [(c["object"], c["attributes"]) for c in found["changes"]] == [
        ("public.m", ["is_populated"])]
    settled(schema)
    schema.model("m.sql", "CREATE MATERIALIZED VIEW m AS SELECT id FROM a WITH NO DATA;\n")
    assert schema.check()["clean"] is True
