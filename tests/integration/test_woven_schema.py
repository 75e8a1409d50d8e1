"""Woven's own revisions, up and down, against its models."""

import pathlib
import shutil

import pytest

from rig.cluster import SUPERUSER
from rig.programs import MIGRATIONS, clean_environment, postgres_program
from rig.project import Project

import subprocess

LEDGER = ("--exclude-schema=woven", "--exclude-table=alembic_version")


@pytest.fixture(name="woven")
def _woven(rig):
    """A copy of the repository's project, an empty database and a leader."""
    project = rig.project()
    shutil.rmtree(project.folder)
    shutil.copytree(MIGRATIONS, project.folder)
    database = rig.database()
    return Project(project.folder), database, rig.leader(project, database)


def load_models(rig):
    database = rig.database()
    for model in sorted((MIGRATIONS / "models").glob("*.sql")):
        subprocess.run(
            [postgres_program("psql"), "-h", str(rig.cluster.sockets), "-U", SUPERUSER, "-X", "-q",
             "-v", "ON_ERROR_STOP=1", "-f", str(model), database.name],
            check=True, capture_output=True, text=True, env=clean_environment())
    return database


def test_up_to_head_equals_the_models(rig, woven):
    _, database, daemon = woven
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert result["outcome"] == "done"
    assert [step["direction"] for step in result["steps"]] == ["up"] * 11
    assert database.dump(*LEDGER) == load_models(rig).dump(*LEDGER)
    status = daemon.ctl("migrate", "status").json
    assert status["state"] == "at-head"
    assert status["current"] == status["heads"] == database.heads()


def test_down_to_base_leaves_nothing(woven):
    _, database, daemon = woven
    before = database.dump(*LEDGER)
    daemon.ctl("migrate", "upgrade", "head")
    result = daemon.ctl("migrate", "downgrade", "base").json
    assert result["outcome"] == "done" and len(result["steps"]) == 11
    assert database.dump(*LEDGER) == before
    assert database.heads() == []
    assert daemon.ctl("migrate", "status").json["state"] == "empty"


def test_each_step_down_and_up_again_is_the_same_schema(woven):
    _, database, daemon = woven
    for _ in range(11):
        before = database.dump(*LEDGER)
        daemon.ctl("migrate", "upgrade", "+1")
        after = database.dump(*LEDGER)
        assert after != before
        daemon.ctl("migrate", "downgrade", "-1")
        assert database.dump(*LEDGER) == before
        daemon.ctl("migrate", "upgrade", "+1")
        assert database.dump(*LEDGER) == after
    assert daemon.ctl("migrate", "status").json["state"] == "at-head"


def test_history_starts_with_the_initial_revision(woven):
    _, _, daemon = woven
    revisions = daemon.ctl("migrate", "history").json["revisions"]
    assert len(revisions) == 11
    assert revisions[-1]["revision"] == "1f800961f8ae"
    assert revisions[-1]["message"] == "Initial migration - User model"
    assert revisions[0]["is_head"] and not revisions[-1]["is_head"]
    assert all(pathlib.Path(revision["path"]).exists() for revision in revisions)
