"""The same revisions for every tool, made from a number alone."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Revision:
    number: int
    id: str
    down: list
    depends: list
    message: str
    up: list
    undo: list
    slug: str = field(init=False)

    def __post_init__(self):
        self.slug = self.message.lower().replace(" ", "_")

    def up_sql(self):
        return "\n".join(self.up)

    def down_sql(self):
        return "\n".join(self.undo)


def revision_id(number):
    return hashlib.sha256(f"bench {number}".encode()).hexdigest()[:12]


def _create(table):
    return (f"Add table {table}",
            [f"CREATE TABLE {table} (\n"
             "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
             "    name text NOT NULL,\n"
             "    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'done')),\n"
             "    created_at timestamptz NOT NULL DEFAULT now()\n);",
             f"COMMENT ON TABLE {table} IS 'What the {table} part of the application keeps';"],
            [f"DROP TABLE {table};"])


def _add_column(table):
    return (f"Give {table} an owner",
            [f"ALTER TABLE {table} ADD COLUMN owner_id bigint;",
             f"ALTER TABLE {table} ALTER COLUMN owner_id SET DEFAULT 0;",
             f"COMMENT ON COLUMN {table}.owner_id IS 'Who may change the row';"],
            [f"ALTER TABLE {table} DROP COLUMN owner_id;"])


def _index(table):
    return (f"Find {table} by owner",
            [f"CREATE INDEX {table}_owner_id ON {table} (owner_id, created_at);"],
            [f"DROP INDEX {table}_owner_id;"])


def _insert(table):
    rows = ",\n    ".join(f"('{word} of {table}', {i})" for i, word in
                          enumerate(("first", "second", "third", "last"), 1))
    return (f"Fill {table}",
            [f"INSERT INTO {table} (name, owner_id) VALUES\n    {rows};"],
            [f"DELETE FROM {table} WHERE owner_id BETWEEN 1 AND 4;"])


KINDS = (_create, _add_column, _index, _insert)


def _parents(number, shape):
    """A line; or a web, in which each merge of three is where the next three branch off, and the
    second of them depends on the first."""
    if number == 0:
        return [], []
    if shape == "line":
        return [number - 1], []
    place = number % 4
    if place == 0:
        return [number - 3, number - 2, number - 1], []
    return [number - place], [number - 1] if place == 2 else []


def make(count, shape="line"):
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        message, up, undo = kind(f"part_{number // len(KINDS):05d}")
        down, depends = _parents(number, shape)
        yield Revision(number, revision_id(number), [revision_id(n) for n in down],
                       [revision_id(n) for n in depends], message, up, undo)


def write_woven(directory, revisions):
    """Returns the folder of versions."""
    versions = Path(directory) / "versions"
    versions.mkdir(parents=True)
    for revision in revisions:
        (versions / f"{revision.id}_{revision.slug}.sql").write_text(
            f"-- message: {revision.message}\n"
            f"-- revision: {revision.id}\n"
            f"-- down_revision: {', '.join(revision.down)}\n"
            "-- branch_labels:\n"
            f"-- depends_on: {', '.join(revision.depends)}\n"
            "-- create_date: 2026-01-14T09:12:00Z\n"
            f"\n-- woven:up\n{revision.up_sql()}\n\n-- woven:down\n{revision.down_sql()}\n",
            encoding="utf-8")
    return versions


ENV_PY = """\
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None,
                      transaction_per_migration=%s)
    with context.begin_transaction():
        context.run_migrations()
"""


def write_alembic(directory, revisions, url, transaction_per_migration=True):
    directory = Path(directory)
    versions = directory / "versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text(
        f"[alembic]\nscript_location = {directory}\nsqlalchemy.url = {url}\n", encoding="utf-8")
    (directory / "env.py").write_text(ENV_PY % transaction_per_migration, encoding="utf-8")
    for revision in revisions:
        down = repr(revision.down[0]) if revision.down else None
        body = "".join(f"    op.execute({statement!r})\n" for statement in revision.up)
        undo = "".join(f"    op.execute({statement!r})\n" for statement in revision.undo)
        (versions / f"{revision.id}_{revision.slug}.py").write_text(
            f'"""{revision.message}"""\nfrom alembic import op\n\n'
            f"revision = {revision.id!r}\ndown_revision = {down}\n"
            "branch_labels = None\ndepends_on = None\n\n\n"
            f"def upgrade():\n{body}\n\ndef downgrade():\n{undo}", encoding="utf-8")
    return directory


def write_dbmate(directory, revisions):
    directory = Path(directory)
    directory.mkdir(parents=True)
    for revision in revisions:
        (directory / f"{20260000000000 + revision.number}_{revision.slug}.sql").write_text(
            f"-- migrate:up\n{revision.up_sql()}\n\n-- migrate:down\n{revision.down_sql()}\n",
            encoding="utf-8")
    return directory


def write_node(directory, revisions):
    directory = Path(directory)
    directory.mkdir(parents=True)
    for revision in revisions:
        (directory / f"{1760000000000 + revision.number}_{revision.slug}.sql").write_text(
            f"-- Up Migration\n{revision.up_sql()}\n\n-- Down Migration\n{revision.down_sql()}\n",
            encoding="utf-8")
    return directory


BOOKKEEPING = ("CREATE TABLE applied (id text PRIMARY KEY, "
               "applied_at timestamptz NOT NULL DEFAULT now());")


def scripts(revisions, up, asynchronous):
    """One text a revision: its SQL and its bookkeeping row in a transaction of their own. The last
    one is always synchronous."""
    ordered = list(revisions) if up else list(reversed(list(revisions)))
    for place, revision in enumerate(ordered):
        local = "SET LOCAL synchronous_commit = off;\n"
        last = place + 1 == len(ordered)
        row = (f"INSERT INTO applied (id) VALUES ('{revision.id}');" if up
               else f"DELETE FROM applied WHERE id = '{revision.id}';")
        sql = revision.up_sql() if up else revision.down_sql()
        yield f"BEGIN;\n{local if asynchronous and not last else ''}{sql}\n{row}\nCOMMIT;"


def write_psql(path, revisions, up):
    Path(path).write_text("\n".join(scripts(revisions, up, asynchronous=False)) + "\n",
                          encoding="utf-8")
    return path


def write_floor(path, revisions, up):
    Path(path).write_bytes(b"\0".join(text.encode() for text in
                                      scripts(revisions, up, asynchronous=True)) + b"\0")
    return path
