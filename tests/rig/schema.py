"""Projects with models, and databases in which schemas are replayed."""

import shutil

import pytest

from .programs import ROOT, postgres_version

MIGRATIONS = ROOT / "migrations"
needs_wovens = pytest.mark.skipif(postgres_version() < 15,
                                  reason="Woven's own schema needs PostgreSQL 15")
BASE = "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"


def scratch_of(cluster):
    """The setting that lets a daemon make its scratch databases in the test's own server."""
    return f"host={cluster.sockets} user=postgres dbname=postgres"


def leftovers(cluster):
    connection = cluster.connect("postgres")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'woven\\_scratch%'")
            return [name for (name,) in cursor.fetchall()]
    finally:
        connection.close()


def notes_of(found):
    """Without the warning of a superuser, which these scratch databases have."""
    return [note for note in found["notes"] if "is a superuser of the server" not in note]


class Schema:
    """A project with models, a database, and a daemon that may make scratch databases."""

    def __init__(self, rig, *, wovens=False, **settings):
        self.rig = rig
        self.project = rig.project(models="models")
        self.models = self.project.folder / "models"
        self.models.mkdir()
        if wovens:
            shutil.copytree(MIGRATIONS / "versions", self.project.versions, dirs_exist_ok=True)
            shutil.copytree(MIGRATIONS / "models", self.models, dirs_exist_ok=True)
        self.database = rig.database()
        self.daemon = rig.leader(self.project, self.database, settings={
            "scratch": scratch_of(rig.cluster), "state_directory": str(rig.folder / "state"),
            **settings})
        rig.defer(self.check_nothing_left)

    def check_nothing_left(self):
        self.daemon.stop()
        assert leftovers(self.rig.cluster) == []

    def model(self, name, text):
        path = self.models / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def check(self, expect=0):
        return self.daemon.ctl("migrate", "check", expect=expect).json

    def autogenerate(self, *options, message="Change", expect=0):
        return self.daemon.ctl("migrate", "revision", "--autogenerate", "-m", message, *options,
                               expect=expect).json


def of_one_table(rig):
    """Its revisions and its models both make BASE."""
    schema = Schema(rig)
    schema.project.add(BASE, "DROP TABLE a;")
    schema.model("a.sql", BASE)
    return schema
