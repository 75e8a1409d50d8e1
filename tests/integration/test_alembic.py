"""A database that Alembic migrated is taken over as it is, and Alembic goes on understanding it."""

import shutil
import subprocess

import pytest

from rig.cluster import SUPERUSER
from rig.programs import clean_environment
from rig.waiting import wait_until

ENV_PY = """
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION_PY = """
from alembic import op

revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE t{number} (id integer)")


def downgrade():
    op.execute("DROP TABLE t{number}")
"""


class Alembic:
    """Debian's alembic with the same history as a project's."""

    def __init__(self, folder, project, database):
        self.folder = folder / "alembic"
        versions = self.folder / "versions"
        versions.mkdir(parents=True)
        (self.folder / "env.py").write_text(ENV_PY)
        self.ini = self.folder / "alembic.ini"
        self.ini.write_text(
            f"[alembic]\nscript_location = {self.folder}\nsqlalchemy.url = postgresql+psycopg2://"
            f"{SUPERUSER}@/{database.name}?host={database.cluster.sockets}\n")
        for number, revision in enumerate(project.ids, 1):
            down = project.ids[number - 2] if number > 1 else None
            (versions / f"{revision}.py").write_text(
                REVISION_PY.format(revision=revision, down=down, number=number))

    def run(self, *arguments):
        done = subprocess.run(
            ["/usr/bin/python3", "-m", "alembic.config", "-c", str(self.ini), *arguments],
            capture_output=True, text=True, check=False, env=clean_environment(), cwd=self.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(name="both")
def _both(rig):
    if shutil.which("alembic") is None:
        pytest.skip("Debian's alembic is not installed")
    project = rig.project()
    project.add_tables(3)
    database = rig.database()
    return project, database, Alembic(rig.folder, project, database)


def test_adoption_and_alembic_still_answers(rig, both):
    project, database, alembic = both
    alembic.run("upgrade", project.ids[1])
    database.run("INSERT INTO t1 VALUES (42)")
    daemon = rig.leader(project, database)
    status = daemon.ctl("migrate", "status").json
    assert status["state"] == "behind" and status["current"] == [project.ids[1]]
    assert [item["revision"] for item in status["pending"]] == [project.ids[2]]
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.run("SELECT * FROM t1") == [(42,)], "nothing was converted or run again"
    assert project.ids[2] in alembic.run("current")
    daemon.ctl("migrate", "downgrade", project.ids[0])
    assert project.ids[0] in alembic.run("current")
    assert database.tables() == ["t1"]


def test_status_follows_what_alembic_does(rig, both):
    project, database, alembic = both
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "+1")
    alembic.run("upgrade", "head")
    status = wait_until(lambda: (status := daemon.status())["state"] == "at-head" and status,
                        "what Alembic did to be seen")
    assert status["current"] == [project.ids[2]]
    daemon.ctl("migrate", "downgrade", "-1")
    alembic.run("downgrade", "-1")
    assert database.tables() == ["t1"]
    assert daemon.ctl("migrate", "current").json["revisions"][0]["revision"] == project.ids[0]


def test_version_table_has_alembics_shape(rig):
    _, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    columns = database.run("SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM "
                           "pg_attribute WHERE attrelid = 'alembic_version'::regclass AND attnum > 0")
    assert columns == [("version_num", "character varying(32)", True)]
    assert database.value("SELECT contype::text FROM pg_constraint WHERE conrelid = "
                          "'alembic_version'::regclass") == "p"


def test_other_table_and_schema(rig):
    project = rig.project(version_table="Odd \"name", version_table_schema="ver", ledger_schema="Led")
    project.add_tables(1)
    database = rig.database()
    database.run("CREATE SCHEMA ver")
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "upgrade", "head")
    assert database.run('SELECT version_num FROM ver."Odd ""name"') == [(project.ids[0],)]
    assert database.value('SELECT count(*) FROM "Led".revision') == 1


def test_unknown_revision_in_the_database_is_named(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    database.run("UPDATE alembic_version SET version_num = 'gone00000000'")
    status = daemon.ctl("migrate", "status").json
    assert status["current"] == ["gone00000000"] and status["state"] in ("diverged", "ahead")
    result = daemon.ctl("migrate", "upgrade", "head", expect=1)
    error = result.json["error"]
    assert error["code"] == "REVISION_NOT_FOUND" and "gone00000000" in error["message"]
    assert project.ids
