"""Squashing a range of revisions: databases before, inside and past it, and the old files' end."""

import pathlib

import pytest


class World:
    """Five tables, one a revision; the second to the fourth are squashed."""

    def __init__(self, rig):
        self.rig = rig
        self.project = rig.project()
        self.project.add_tables(5)
        self.ids = self.project.ids
        self.squashed = self.ids[1:4]

    def at(self, count):
        """A database that has the first `count` revisions, and its daemon."""
        database = self.rig.database()
        daemon = self.rig.leader(self.project, database)
        if count > 0:
            daemon.ctl("migrate", "upgrade", self.ids[count - 1])
        return database, daemon

    def squash(self, daemon):
        result = daemon.ctl("migrate", "squash", f"{self.squashed[0]}:{self.squashed[-1]}", "-m",
                            "Three in one", "--rev-id", "squash1").json
        assert result["replaces"] == self.squashed and result["down_revision"] == [self.ids[0]]
        path = pathlib.Path(result["path"])
        assert path.name == "squash1_three_in_one.sql" and path.parent == self.project.versions
        return path

    def delete_old(self):
        for revision in self.squashed:
            self.project.file_of(revision).unlink()


@pytest.fixture(name="world")
def _world(rig):
    return World(rig)


TABLES = ["t1", "t2", "t3", "t4", "t5"]


def ids(result):
    return [r["revision"] for r in result["revisions"]]


def steps(result):
    return [(s["revision"], s["direction"]) for s in result["steps"]]


def ledger(database):
    return {row[0] for row in database.run("SELECT id FROM woven.revision")}


def test_an_empty_database_runs_the_squashed_one(world):
    database, daemon = world.at(0)
    world.squash(daemon)
    assert ids(daemon.ctl("migrate", "history").json) == [world.ids[4], "squash1", world.ids[0]]
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert [r for r, _ in steps(result)] == [world.ids[0], "squash1", world.ids[4]]
    assert database.tables() == TABLES and database.heads() == [world.ids[4]]
    assert ledger(database) == {world.ids[0], "squash1", world.ids[4]}
    assert daemon.status()["state"] == "at-head"
    result = daemon.ctl("migrate", "downgrade", world.ids[0]).json
    assert steps(result) == [(world.ids[4], "down"), ("squash1", "down")]
    assert database.tables() == ["t1"]
    shown = daemon.text("migrate", "show", "squash1").out
    assert f"Replaces: {', '.join(world.squashed)}" in shown


@pytest.mark.parametrize("count", [2, 3])
def test_a_database_inside_goes_the_old_way_and_adopts(world, count):
    database, daemon = world.at(count)
    world.squash(daemon)
    status = daemon.status()
    assert status["state"] == "behind" and status["current"] == [world.ids[count - 1]]
    assert [r["revision"] for r in status["pending"]] == world.ids[count:]
    assert ids(daemon.ctl("migrate", "history").json) == world.ids[::-1]
    result = daemon.ctl("migrate", "upgrade", world.ids[3]).json
    assert [r for r, _ in steps(result)] == world.ids[count:4]
    assert database.heads() == [world.ids[3]]
    status = daemon.status()
    assert status["current"] == ["squash1"] and status["state"] == "behind"
    assert ids(daemon.ctl("migrate", "current").json) == ["squash1"]
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert steps(result) == [(world.ids[4], "up")] and database.tables() == TABLES
    assert ledger(database) == {world.ids[0], "squash1", world.ids[4]}
    history = database.run("SELECT kind, revision, outcome FROM woven.history ORDER BY id DESC LIMIT 2")
    assert history == [("up", world.ids[4], "done"), ("adopt", "squash1", "done")]
    assert daemon.ctl("migrate", "verify", expect=None).status == 0


def test_a_database_inside_may_go_down_the_old_way(world):
    database, daemon = world.at(3)
    world.squash(daemon)
    result = daemon.ctl("migrate", "downgrade", "-1").json
    assert steps(result) == [(world.ids[2], "down")] and database.tables() == ["t1", "t2"]
    daemon.ctl("migrate", "downgrade", world.ids[0])
    assert steps(daemon.ctl("migrate", "plan", "upgrade", "head").json) == [
        ("squash1", "up"), (world.ids[4], "up")]


def test_a_database_at_the_end_adopts_with_nothing_to_do(world):
    world.project.file_of(world.ids[4]).unlink()
    database, daemon = world.at(4)
    world.squash(daemon)
    assert daemon.status()["state"] == "at-head"
    result = daemon.ctl("migrate", "upgrade", "head").json
    assert result["outcome"] == "nothing-to-do" and result["heads_after"] == ["squash1"]
    assert database.heads() == ["squash1"] and ledger(database) == {world.ids[0], "squash1"}
    world.delete_old()
    assert daemon.status()["state"] == "at-head"
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    result = daemon.ctl("migrate", "downgrade", world.ids[0]).json
    assert steps(result) == [("squash1", "down")] and database.tables() == ["t1"]


def test_a_database_past_it_adopts_in_the_ledger(world):
    database, daemon = world.at(5)
    path = world.squash(daemon)
    assert daemon.status()["state"] == "at-head"
    new = daemon.ctl("migrate", "revision", "-m", "More").json["revision"]
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == [new]
    assert ledger(database) == {world.ids[0], "squash1", world.ids[4], new}
    world.delete_old()
    path.write_text(path.read_text().replace(f"-- replaces: {', '.join(world.squashed)}\n", ""))
    last = world.project.file_of(world.ids[4])
    last.write_text(last.read_text().replace(world.squashed[-1], "squash1"))
    assert daemon.status()["state"] == "at-head"
    result = daemon.ctl("migrate", "downgrade", "base").json
    assert [r for r, _ in steps(result)] == [new, world.ids[4], "squash1", world.ids[0]]
    assert database.tables() == []


def test_old_files_gone_too_early_are_asked_for(world):
    database, daemon = world.at(3)
    world.squash(daemon)
    world.delete_old()
    assert daemon.status()["state"] == "diverged"
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["code"] == "REVISION_NOT_FOUND" and world.ids[3] in error["hint"]
    assert "squash1" in error["message"] and database.tables() == ["t1", "t2", "t3"]


def test_stamp_and_the_end_of_the_old_files(world):
    world.project.file_of(world.ids[4]).unlink()
    database, daemon = world.at(4)
    world.squash(daemon)
    world.delete_old()
    assert daemon.status()["current"] == ["squash1"] and database.heads() == [world.ids[3]]
    daemon.ctl("migrate", "stamp", world.ids[0])
    assert database.heads() == [world.ids[0]] and ledger(database) == {world.ids[0]}
    daemon.ctl("migrate", "stamp", "--purge", "squash1")
    assert database.heads() == ["squash1"] and ledger(database) == {world.ids[0], "squash1"}


def test_what_cannot_be_squashed(rig):
    project = rig.project()
    first, second, third = project.add_tables(3)
    project.add("CREATE INDEX CONCURRENTLY i ON t1 (id);", "DROP INDEX i;",
                up_options="transaction=off")
    side = project.add("", "", down_revision=second)
    daemon = rig.leader(project, rig.database())
    def refusal(wanted):
        error = daemon.ctl("migrate", "squash", wanted, expect=1).error
        assert error["code"] == "BAD_TARGET"
        return error["message"] + " " + error.get("hint", "")
    assert f"{side} follows {second}" in refusal(f"{first}:{third}")
    assert "outside a transaction" in refusal(f"{third}:{project.ids[3]}")
    assert "fewer than two" in refusal(f"{first}:{first}")
    result = daemon.ctl("migrate", "squash", f"{first}:{second}").json
    assert pathlib.Path(result["path"]).name.startswith(f"{result['revision']}_squash_")
    error = daemon.ctl("migrate", "revision", "--head", side, "--rev-id", first, expect=1).error
    assert "already" in error["message"]


def test_what_is_refused_is_refused_before_names_are_put_right(world):
    loose = world.project.add("CREATE INDEX CONCURRENTLY x ON t5 (id);", "", up_options="transaction=off")
    database, daemon = world.at(5)
    world.squash(daemon)
    before = database.run("SELECT max(id) FROM woven.history"), ledger(database)
    error = daemon.ctl("migrate", "upgrade", "head", "--single-transaction", expect=None).error
    assert error["code"] == "BAD_TARGET" and loose in error["message"]
    assert (database.run("SELECT max(id) FROM woven.history"), ledger(database)) == before
