"""`wovenctl import alembic` and databases that go between Alembic and wovend, with Debian's Alembic."""

import sys

import pytest
from rig.other_tools import import_from, run_tool, schema_of, tool, write_files

INI = "[alembic]\nscript_location = %(here)s/alembic\nprepend_sys_path = .\n"

ENV = """
import os
from alembic import context
import sqlalchemy as sa

metadata = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s",
                                          "pk": "pk_%(table_name)s"})
print("env.py talks")
url = "postgresql+psycopg2://postgres@/%s?host=%s" % (os.environ["PGDATABASE"], os.environ["PGHOST"])
if context.is_offline_mode():
    context.configure(url=url, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url).connect() as connection:
        context.configure(connection=connection, target_metadata=metadata,
                          transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
"""

HEAD = '''"""{message}

Revision ID: {revision}
Revises: {revises}
Create Date: 2023-04-05 06:07:08.123456

"""
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = {revision!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends!r}

'''


def revision(name, down=None, up="    pass", back="    pass", *, labels=None, depends=None,
             message=None):
    """One file of versions/."""
    text = HEAD.format(message=message or f"Revision {name}", revision=name, revises=down,
                       down=down, labels=labels, depends=depends)
    text += f"\ndef upgrade():\n{up}\n"
    text += "" if back is None else f"\n\ndef downgrade():\n{back}\n"
    return {f"alembic/versions/{name}_x.py": text}


FIRST = """
    users = op.create_table(
        "users",
        sa.Column("id", sa.Integer()),
        sa.Column("mood", sa.Enum("good", "bad", name="mood")),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("born", sa.Date()),
        sa.Column("pause", sa.Interval()),
        sa.Column("key", postgresql.UUID(as_uuid=True)),
        sa.Column("data", postgresql.JSONB()),
        sa.Column("words", postgresql.ARRAY(sa.Text())),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("text", sa.Text(), comment="it's 100%"),
        sa.Column("email", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("price >= 0", name="price_sign"))
    op.bulk_insert(users, [
        {"id": 1, "mood": "good", "made": datetime.datetime(2020, 1, 2, 3, 4, 5, 600, datetime.timezone.utc),
         "born": datetime.date(1999, 12, 31), "pause": datetime.timedelta(days=-1, seconds=5),
         "key": uuid.UUID(int=7), "data": {"a": ["it's", "50%", None]}, "words": ["x", "y'z", "q,"],
         "price": decimal.Decimal("12.50"), "raw": b"\\x00'\\xff", "text": "back\\\\slash 100% :a\\ttab",
         "email": "a@b"}])
    op.execute("INSERT INTO users (id, email, text) SELECT 2, 'x', 'like %' WHERE 'ab' LIKE 'a%'; -- end")
    op.execute("CREATE FUNCTION tabbed() RETURNS text LANGUAGE plpgsql AS $$\\nBEGIN\\n\\tRETURN 'a\\tb';\\nEND $$")
    bind = op.get_bind()
    bind.execute(sa.text("UPDATE users SET text = :text, price = :price WHERE id = :id"),
                 {"text": "o'k\\\\", "price": decimal.Decimal("-0.0"), "id": 2})
    bind.execute(users.update().where(users.c.id == 2).values(born=datetime.date(2000, 1, 1)))
    print("revisions talk")
"""

FIRST_BACK = """
    op.execute("DROP FUNCTION tabbed()")
    op.drop_table("users")
    sa.Enum(name="mood").drop(op.get_bind(), checkfirst=True)
"""

PROJECT = {
    "alembic.ini": INI,
    "alembic/env.py": ENV,
    **revision("a1b2c3d4e5f6", None, FIRST, FIRST_BACK, labels=("core",),
               message="Add users: the first\n\nnote: a second paragraph.\nwoven:up is no marker"),
    **revision("b00000000001", "a1b2c3d4e5f6",
               "    postgresql.ENUM('x', 'y', name='e').create(op.get_bind(), checkfirst=True)\n"
               "    op.create_table('posts', sa.Column('id', sa.Integer(), primary_key=True),\n"
               "        sa.Column('e', postgresql.ENUM(name='e', create_type=False)),\n"
               "        sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id', name='posts_user')))",
               "    op.drop_table('posts')\n"
               "    postgresql.ENUM(name='e').drop(op.get_bind(), checkfirst=True)"),
    **revision("c00000000001", "a1b2c3d4e5f6",
               "    with op.batch_alter_table('users') as batch:\n"
               "        batch.alter_column('email', type_=sa.Text(), existing_type=sa.String(200))\n"
               "        batch.add_column(sa.Column('nick', sa.Text()))\n"
               "        batch.add_column(sa.Column('hint', sa.Text(), server_default='it\\'s'))\n"
               "    op.create_unique_constraint(None, 'users', ['nick'])",
               "    op.drop_constraint('uq_users_nick', 'users')\n"
               "    op.drop_column('users', 'nick')\n    op.drop_column('users', 'hint')\n"
               "    op.alter_column('users', 'email', type_=sa.String(200))", labels="side"),
    **revision("d00000000001", ("b00000000001", "c00000000001"), message="Merge"),
    **revision("e00000000001", "d00000000001",
               "    with op.get_context().autocommit_block():\n"
               "        op.create_index('users_born', 'users', ['born'], postgresql_concurrently=True)",
               "    with op.get_context().autocommit_block():\n"
               "        op.drop_index('users_born', 'users', postgresql_concurrently=True)"),
    **revision("f00000000001", None, "    op.execute('CREATE SCHEMA other')",
               "    op.execute('DROP SCHEMA other')", depends="side", labels=["other"]),
}


@pytest.fixture(name="theirs")
def _theirs(rig):
    tool("alembic")
    return write_files(rig.folder / "theirs", PROJECT)


def alembic(database, folder, *arguments, **more):
    return run_tool("alembic", *arguments, database=database, folder=folder, **more)


def rows(database):
    return database.run("SELECT * FROM users ORDER BY id")


def imported(rig, folder, **more):
    project = rig.project()
    environment = {"PGDATABASE": "none", "PGHOST": "/none", "PATH": "/usr/bin:/bin"}
    return project, import_from("alembic", folder, project.versions, env=environment, **more)


def test_graph_is_kept(rig, theirs):
    project, result = imported(rig, theirs)
    assert result.json["notes"] == [] and "question" not in result.json
    found = {revision["revision"]: revision for revision in result.json["revisions"]}
    assert found["d00000000001"]["down_revision"] == ["b00000000001", "c00000000001"]
    assert found["f00000000001"]["depends_on"] == ["side"]
    assert found["a1b2c3d4e5f6"]["branch_labels"] == ["core"]
    assert found["c00000000001"]["branch_labels"] == ["side"]
    assert found["a1b2c3d4e5f6"]["message"] == "Add users: the first"
    text = project.file_of("a1b2c3d4e5f6").read_text()
    assert "-- create_date: 2023-04-05T06:07:08\n" in text
    assert "-- | note: a second paragraph.\n-- | woven:up is no marker\n" in text
    assert "alembic_version" not in text
    off = project.file_of("e00000000001").read_text()
    assert off.count("transaction=off") == 2
    daemon = rig.leader(project, rig.database())
    heads = {head["revision"] for head in daemon.ctl("migrate", "heads").json["revisions"]}
    assert heads == {"e00000000001", "f00000000001"}


def test_same_schema_and_data(rig, theirs):
    project, _ = imported(rig, theirs)
    ours, other = rig.database(), rig.database()
    daemon = rig.leader(project, ours)
    daemon.ctl("migrate", "upgrade", "heads")
    alembic(other, theirs, "upgrade", "heads")
    assert schema_of(ours) == schema_of(other)
    assert len(rows(ours)) == 2
    # The moment of the default is the only difference.
    ours.run("UPDATE users SET made = NULL WHERE id = 2")
    other.run("UPDATE users SET made = NULL WHERE id = 2")
    assert rows(ours) == rows(other)
    assert ours.heads() == other.heads()
    for target in ("other@base", "d00000000001", "b00000000001", "a1b2c3d4e5f6", "base"):
        daemon.ctl("migrate", "downgrade", target)
        alembic(other, theirs, "downgrade", target)
        assert ours.heads() == other.heads()
        assert schema_of(ours) == schema_of(other)


def test_a_database_goes_between_both(rig, theirs):
    """Rows of alembic_version alone are taken for what they are, several too; and back."""
    project, _ = imported(rig, theirs)
    database = rig.database()
    alembic(database, theirs, "upgrade", "b00000000001")
    alembic(database, theirs, "upgrade", "c00000000001")
    assert database.heads() == ["b00000000001", "c00000000001"]
    daemon = rig.leader(project, database)
    status = daemon.ctl("migrate", "status").json
    assert sorted(status["current"]) == ["b00000000001", "c00000000001"]
    assert status["state"] == "behind" and len(status["pending"]) == 3
    daemon.ctl("migrate", "upgrade", "e00000000001")
    assert "e00000000001" in alembic(database, theirs, "current").split()
    assert rows(database)

    alembic(database, theirs, "upgrade", "heads")
    assert daemon.ctl("migrate", "status").json["state"] == "at-head"
    alembic(database, theirs, "downgrade", "d00000000001")
    assert sorted(daemon.ctl("migrate", "status").json["current"]) == ["d00000000001", "f00000000001"]
    daemon.ctl("migrate", "downgrade", "base")
    assert database.heads() == [] and database.tables() == []
    assert "00000001" not in alembic(database, theirs, "current")
    alembic(database, theirs, "upgrade", "heads")
    daemon.ctl("migrate", "downgrade", "core@base")


@pytest.mark.parametrize("command", ["status", "upgrade", "downgrade"])
def test_only_a_version_table(rig, theirs, command):
    """Whatever is asked first adopts it."""
    project, _ = imported(rig, theirs)
    database = rig.database()
    alembic(database, theirs, "upgrade", "a1b2c3d4e5f6")
    daemon = rig.leader(project, database)
    if command == "status":
        assert daemon.ctl("migrate", "status").json["current"] == ["a1b2c3d4e5f6"]
    elif command == "upgrade":
        done = daemon.ctl("migrate", "upgrade", "b00000000001").json
        assert [step["revision"] for step in done["steps"]] == ["b00000000001"]
    else:
        done = daemon.ctl("migrate", "downgrade", "base").json
        assert [step["revision"] for step in done["steps"]] == ["a1b2c3d4e5f6"]
        assert database.tables() == []


READS = {
    "fetch": "    for row in op.get_bind().execute(sa.text('SELECT 1')).fetchall():\n"
             "        op.execute('SELECT 2')",
    "iterate": "    for row in op.get_bind().execute('SELECT 1'):\n        op.execute('SELECT 2')",
    "hidden": "    try:\n        n = op.get_bind().scalar('SELECT 1')\n    except BaseException:\n"
              "        n = 0\n    op.execute('SELECT %d' % n)",
    "truth": "    if op.get_bind().execute('SELECT 1').rowcount:\n        op.execute('SELECT 2')",
    "inspect": "    if 'users' in sa.inspect(op.get_bind()).get_table_names():\n"
               "        op.execute('SELECT 2')",
    "session": "    from sqlalchemy import orm\n    orm.Session(bind=op.get_bind()).query(sa.text('1')).all()",
    "parameter": "    op.execute(sa.text('SELECT :x'))",
    "control": "    op.execute('SELECT 1')\n    op.execute('ROLLBACK')",
    "meta": "    op.execute('COPY t FROM STDIN')",
}


@pytest.mark.parametrize("kind", READS)
def test_what_cannot_be_rendered_refuses(rig, kind):
    tool("alembic")
    folder = write_files(rig.folder / "theirs", {
        "alembic.ini": INI, "alembic/env.py": ENV,
        **revision("aaaa", None, "    op.execute('CREATE TABLE before ()')"),
        **revision("bbbb", "aaaa", READS[kind], "    op.execute('DROP TABLE before')")})
    project, result = imported(rig, folder)
    assert [revision["refuses"] for revision in result.json["revisions"]] == [[], ["up"]]
    note = [note for note in result.json["notes"] if note["kind"] == "refuses"]
    assert len(note) == 1 and note[0]["file"] == "bbbb_x.py" and note[0]["line"] > 20
    text = project.file_of("bbbb").read_text()
    # What could be rendered, but not run, is kept as SQL.
    kept = {"control": "SELECT 1;\n-- |\n-- | ROLLBACK;", "meta": "COPY t FROM STDIN;"}.get(
        kind, "def upgrade():\n-- | " + READS[kind].splitlines()[0])
    assert f"-- woven:up\n-- | {kept}\n" in text
    database = rig.database()
    daemon = rig.leader(project, database)
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["sqlstate"] == "0A000" and "bbbb" in error["message"]
    assert database.heads() == ["aaaa"] and database.tables() == ["before"]


def test_irreversible(rig):
    tool("alembic")
    folder = write_files(rig.folder / "theirs", {
        "alembic.ini": INI, "alembic/env.py": ENV,
        **revision("aaaa", None, back=None),
        **revision("bbbb", "aaaa", back="    raise NotImplementedError()"),
        **revision("cccc", "bbbb", back="    raise ValueError('no way back')")})
    _, result = imported(rig, folder)
    assert [revision["has_down"] for revision in result.json["revisions"]] == [False, False, True]
    assert result.json["revisions"][2]["refuses"] == ["down"]
    assert "ValueError: no way back" in result.json["notes"][0]["message"]


def test_environment_that_cannot_run(rig):
    """env.py is only asked for its naming convention: without it the import goes on, with a note."""
    tool("alembic")
    folder = write_files(rig.folder / "theirs", {
        "alembic.ini": INI, "alembic/env.py": "import os\nos.environ['NOT_THERE']\n",
        **revision("aaaa")})
    _, result = imported(rig, folder)
    assert "KeyError: 'NOT_THERE'" in result.json["notes"][0]["message"]
    write_files(folder, {"alembic/env.py": ENV.replace(
        "literal_binds=True", "version_table='mine', version_table_schema='there'")})
    _, result = imported(rig, folder)
    assert [note["message"].split(":")[0] for note in result.json["notes"]] == [
        "env.py sets version_table to mine", "env.py sets version_table_schema to there"]


def test_layouts(rig, theirs):
    """The folder of env.py, a package named alembic, several version folders."""
    _, whole = imported(rig, theirs)
    _, inner = imported(rig, theirs / "alembic")
    assert [r["revision"] for r in inner.json["revisions"]] == [
        r["revision"] for r in whole.json["revisions"]]
    write_files(theirs, {"alembic/__init__.py": "", "alembic.ini":
                         INI + "version_locations = %(here)s/alembic/versions %(here)s/more\n",
                         "more/9999_x.py": revision("9999", "f00000000001").popitem()[1]})
    _, more = imported(rig, theirs)
    assert {r["revision"] for r in more.json["revisions"]} == {
        r["revision"] for r in whole.json["revisions"]} | {"9999"}


def test_faults(rig, theirs):
    tool("alembic")
    out = rig.folder / "out"
    error = import_from("alembic", rig.folder / "none", out, expect=1).error
    assert "no such folder" in error["message"]
    error = import_from("alembic", rig.folder, out, expect=1).error
    assert "neither alembic.ini nor env.py" in error["message"]
    error = import_from("alembic", theirs, out, "--python", "/none", expect=1).error
    assert error["code"] == "IO_ERROR" and "--python" in error["hint"]
    error = import_from("alembic", theirs, out, "--python", "/bin/false", expect=1).error
    assert "ended without an answer" in error["message"]
    write_files(theirs, {"alembic/versions/bad.py": "import not_there_at_all\n"})
    error = import_from("alembic", theirs, out, expect=1).error
    assert "not_there_at_all" in error["message"] and error["file"].endswith("bad.py")
    write_files(theirs, {"alembic/versions/bad.py": "revision = 'x'\ndown_revision = 'gone'\n"})
    assert import_from("alembic", theirs, out, expect=1).error["code"] == "LOAD_ERROR"
    assert not out.exists()


def test_python_without_alembic(rig, theirs):
    python = write_files(rig.folder, {"python": f"#!/bin/sh\nexec {sys.executable} -S \"$@\"\n"})
    (python / "python").chmod(0o755)
    error = import_from("alembic", theirs, rig.folder / "out", "--python", str(python / "python"),
                        expect=1).error
    assert "has no Alembic" in error["message"] and "--python" in error["hint"]


def test_text_for_people(rig, theirs):
    _, result = imported(rig, theirs, json_output=False)
    assert "needs nothing more" in result.out and "Wrote 6 revisions of alembic" in result.out
    # What env.py and the revisions print does not come between.
    assert "talks" not in result.out and "revisions talk" in result.err
