"""`wovenctl import` against the tools themselves: what the tool does in one database and wovend, with
the imported revisions, in another must be the same, all the way up and down; then wovend takes over
the tool's own database."""

import pytest
from rig.other_tools import import_from, run_tool, schema_of, write_files

DBMATE = {
    "20240101000000_create_users.sql":
        "-- migrate:up\nCREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);\n"
        "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n"
        "  RETURN n * 2; -- ;\nEND $$;\n\n-- migrate:down\nDROP FUNCTION twice;\nDROP TABLE users;\n",
    "20240102000000_index_users.sql":
        "-- Runs alone.\r\n-- migrate:up transaction:false\r\n"
        "CREATE INDEX CONCURRENTLY users_name ON users (name);\r\n\r\n"
        "-- migrate:down transaction:false\r\nDROP INDEX CONCURRENTLY users_name;\r\n".encode(),
    "20240103000000_fill.sql":
        "-- migrate:up\nINSERT INTO users (name) VALUES ('a;b'), ('-- migrate:down');\n"
        "ALTER TABLE users ADD COLUMN note text DEFAULT 'it''s';\n"
        "-- migrate:down\nALTER TABLE users DROP COLUMN note;\nDELETE FROM users;\n",
}

NODE = {
    "1700000000000_create-users.sql":
        "-- Up Migration\nCREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);\n\n"
        "-- Down Migration\nDROP TABLE users;\n",
    "20240102000000000_add-note.sql":
        "-- up migration\nALTER TABLE users ADD COLUMN note text DEFAULT '--';\n"
        "---- down migration\nALTER TABLE users DROP COLUMN note;\n",
    "1800000000000_add-view.sql":
        "-- Up Migration\nCREATE VIEW names AS SELECT name FROM users;\n"
        "-- Down Migration\nDROP VIEW names;\n",
}

SQITCH_PLAN = """%syntax-version=1.0.0
%project=shop
%uri=https://example.org/shop/

schema 2024-01-01T10:00:00Z A Tester <tester@example.org> # Make the schema.
users [schema] 2024-01-02T10:00:00Z A Tester <tester@example.org> # Add users.\\nAnd more.
api/total [users !index] 2024-01-03T10:00:00Z A Tester <tester@example.org> # A function
@v1 2024-01-04T10:00:00Z A Tester <tester@example.org> # First release

api/total [api/total@v1] 2024-01-05T10:00:00Z A Tester <tester@example.org> # The function again
index [users shop:api/total] 2024-01-06T10:00:00Z A Tester <tester@example.org>
"""


def sqitch_script(kind, name, body):
    word = "to" if kind == "Deploy" else "from"
    return f"-- {kind} shop:{name} {word} pg\n\nBEGIN;\n\n{body}\n\nCOMMIT;\n"


def total(factor):
    return ("CREATE OR REPLACE FUNCTION shop.total() RETURNS bigint LANGUAGE sql AS $$\n"
            f"  SELECT count(*) * {factor} FROM shop.users; -- COMMIT;\n$$;")


SQITCH = {
    "sqitch.conf": "[core]\n\tengine = pg\n\ttop_dir = .\n",
    "sqitch.plan": SQITCH_PLAN,
    "deploy/schema.sql": sqitch_script("Deploy", "schema", "CREATE SCHEMA shop;"),
    "revert/schema.sql": sqitch_script("Revert", "schema", "DROP SCHEMA shop;"),
    "deploy/users.sql": sqitch_script("Deploy", "users", "CREATE TABLE shop.users (id int);"),
    "revert/users.sql": sqitch_script("Revert", "users", "DROP TABLE shop.users;"),
    "deploy/api/total@v1.sql": sqitch_script("Deploy", "api/total", total(1)),
    "revert/api/total@v1.sql": sqitch_script("Revert", "api/total",
                                             "DROP FUNCTION shop.total();"),
    "deploy/api/total.sql": sqitch_script("Deploy", "api/total", total(2)),
    "revert/api/total.sql": sqitch_script("Revert", "api/total", total(1)),
    "deploy/index.sql": "-- Deploy shop:index to pg\n"
                        "CREATE INDEX CONCURRENTLY users_id ON shop.users (id);\n",
    "revert/index.sql": "-- Revert shop:index from pg\nDROP INDEX CONCURRENTLY shop.users_id;\n",
    "verify/users.sql": "-- Verify shop:users on pg\nSELECT id FROM shop.users WHERE false;\n",
}


class Dbmate:
    name = "dbmate"
    files = {f"db/migrations/{name}": text for name, text in DBMATE.items()}
    source = "db/migrations"
    steps = 3

    def _run(self, database, folder, *arguments):
        url = f"postgres://postgres@/{database.name}?socket={database.cluster.sockets}"
        run_tool("dbmate", "--no-dump-schema", *arguments, database=database, folder=folder,
                 DATABASE_URL=url)

    def up(self, database, folder):
        self._run(database, folder, "up")

    def down_one(self, database, folder):
        self._run(database, folder, "rollback")


class NodePgMigrate:
    name = "node-pg-migrate"
    files = {f"migrations/{name}": text for name, text in NODE.items()}
    source = "migrations"
    steps = 3

    def up(self, database, folder):
        run_tool("node-pg-migrate", "up", "--no-check-order", database=database, folder=folder)

    def down_one(self, database, folder):
        run_tool("node-pg-migrate", "down", "--no-check-order", database=database, folder=folder)


class Sqitch:
    name = "sqitch"
    files = SQITCH
    source = "."
    steps = 5

    def up(self, database, folder):
        run_tool("sqitch", "deploy", "db:pg:", database=database, folder=folder)

    def down_one(self, database, folder):
        last = database.value("SELECT count(*) FROM sqitch.changes") == 1
        target = [] if last else ["--to", "@HEAD^"]
        run_tool("sqitch", "revert", "-y", *target, "db:pg:", database=database, folder=folder)


@pytest.fixture(name="other", params=[Dbmate, NodePgMigrate, Sqitch], ids=lambda kind: kind.name)
def _other(request):
    return request.param()


def test_same_schema_at_every_step(rig, other):
    folder = write_files(rig.folder / "theirs", other.files)
    theirs = rig.database()
    other.up(theirs, folder)

    project = rig.project()
    result = import_from(other.name, folder / other.source, project.versions).json
    assert len(result["revisions"]) == other.steps
    ours = rig.database()
    daemon = rig.leader(project, ours)
    done = daemon.ctl("migrate", "upgrade", "head").json
    assert len(done["steps"]) == other.steps
    assert schema_of(ours) == schema_of(theirs)

    for _ in range(other.steps):
        other.down_one(theirs, folder)
        daemon.ctl("migrate", "downgrade", "-1")
        assert schema_of(ours) == schema_of(theirs)
    assert daemon.ctl("migrate", "current").json["revisions"] == []


def test_the_tools_database_is_taken_over(rig, other):
    """The question that import gives, its answer put to --applied, and stamp."""
    folder = write_files(rig.folder / "theirs", other.files)
    database = rig.database()
    other.up(database, folder)
    other.down_one(database, folder)

    project = rig.project()
    result = import_from(other.name, folder / other.source, project.versions).json
    applied = str(database.value(result["question"]))
    found = import_from(other.name, folder / other.source, project.versions, "--applied", applied)
    assert found.json["revision"] == result["revisions"][-2]["revision"]

    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "stamp", found.json["revision"])
    pending = daemon.status()["pending"]
    assert [step["revision"] for step in pending] == [result["revisions"][-1]["revision"]]
    daemon.ctl("migrate", "upgrade", "head")
    daemon.ctl("migrate", "downgrade", "base")
    assert database.tables() == [name for name in database.tables()
                                 if name in ("schema_migrations", "pgmigrations")]


def test_data_is_the_same(rig):
    folder = write_files(rig.folder / "theirs", Dbmate.files)
    theirs = rig.database()
    Dbmate().up(theirs, folder)
    project = rig.project()
    import_from("dbmate", folder / Dbmate.source, project.versions)
    ours = rig.database()
    rig.leader(project, ours).ctl("migrate", "upgrade", "head")
    rows = "SELECT * FROM users ORDER BY id"
    assert ours.run(rows) == theirs.run(rows) and len(ours.run(rows)) == 2


def test_sqitch_names_and_tags(rig):
    folder = write_files(rig.folder / "theirs", SQITCH)
    result = import_from("sqitch", folder, rig.folder / "out").json
    ids = [revision["revision"] for revision in result["revisions"]]
    versions = [revision["version"] for revision in result["revisions"]]
    assert versions == ["schema", "users", "api/total", "api/total", "index"]
    assert result["revisions"][1]["message"] == "Add users. And more."

    def applied(version):
        return import_from("sqitch", folder, "unused", "--applied", version).json["revision"]

    assert applied("@v1") == ids[2] == applied("api/total@v1")
    assert applied("api/total") == ids[3]
    again = import_from("sqitch", folder, rig.folder / "again").json
    assert [revision["revision"] for revision in again["revisions"]] == ids
