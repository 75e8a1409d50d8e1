"""Woven's own models: what is taken out of them, one thing after the other, comes out as a revision
that is proven up and down. WOVEN_EVERY=1 takes every column out; else every twelfth."""

import os

import pytest

from rig.fixtures import Rig
from rig.programs import SANITIZER
from rig.schema import Schema, needs_wovens

pytestmark = needs_wovens
EVERY = int(os.environ.get("WOVEN_EVERY", "48" if SANITIZER else "12"))
COLUMNS = """
SELECT format('%I.%I', c.relname, a.attname) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
ORDER BY c.relname, a.attnum
"""


@pytest.fixture(name="schema", scope="module")
def _schema(cluster):
    rig = Rig(cluster)
    schema = Schema(rig, wovens=True)
    schema.daemon.ctl("migrate", "upgrade", "head")
    yield schema
    rig.close()


def generated(schema, statement):
    """After all other models this: what it takes away is not wanted any more."""
    schema.model("zz_removed.sql", statement)
    found = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "Remove", "--sql",
                              expect=None, seconds=120)
    assert found.status == 0, (statement, found)
    assert found.json["proven"] is True, statement
    return found.json


def listed(schema, query):
    return schema.database.value(f"SELECT array_agg(found) FROM ({query}) AS all_of(found)")


def test_each_file(schema):
    """Each file makes one table, but for the first, which makes functions."""
    tables = listed(
        schema, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND "
                "relkind = 'r' AND relname <> 'alembic_version' ORDER BY 1")
    assert len(tables) >= 11
    for table in tables:
        found = generated(schema, f"DROP TABLE {table} CASCADE;\n")
        assert ("drop", "table", f"public.{table}") in [
            (c["change"], c["kind"], c["object"]) for c in found["changes"]]
    routines = listed(
        schema, "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = "
                "'public'::regnamespace ORDER BY 1")
    for routine in routines:
        generated(schema, f"DROP FUNCTION {routine} CASCADE;\n")


def test_columns(schema):
    columns = listed(schema, COLUMNS)
    assert len(columns) > 60
    for column in columns[::EVERY]:
        table, name = column.split(".")
        found = generated(schema, f"ALTER TABLE {table} DROP COLUMN {name} CASCADE;\n")
        assert ("drop", "column", f"public.{column}") in [
            (c["change"], c["kind"], c["object"]) for c in found["changes"]]
