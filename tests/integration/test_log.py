"""migrate log: the append-only history."""

import os
import signal

import psycopg2
import pytest

from rig.daemon import user_name
from rig.waiting import wait_until


def log(daemon, *options, **more):
    return daemon.ctl("migrate", "log", *options, **more).json


def entries(daemon, *options):
    return [(entry["kind"], entry["revision"], entry["outcome"])
            for entry in log(daemon, *options)["entries"]]


@pytest.fixture(name="story")
def _story(rig):
    """Up twice, a failure, a way back."""
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "head", "--tag", "release 12")
    bad = project.add("SELECT 1/0;", message="Divide")
    daemon.ctl("migrate", "upgrade", "head", expect=1)
    daemon.ctl("migrate", "downgrade", "-1")
    return project, database, daemon, bad


def test_newest_first(story):
    project, _, daemon, bad = story
    first, second = project.ids[:2]
    assert entries(daemon) == [("down", second, "done"), ("up", bad, "failed"),
                               ("up", second, "done"), ("up", first, "done")]
    page = log(daemon)
    assert page["next"] is None
    ids = [entry["id"] for entry in page["entries"]]
    assert ids == sorted(ids, reverse=True)


def test_who_what_when(story):
    project, database, daemon, _ = story
    entry = log(daemon)["entries"][-1]
    assert entry["revision"] == project.ids[0] and entry["message"] == "Step 1"
    assert entry["tag"] == "release 12" and entry["seconds"] > 0 and entry["job"] == 1
    assert entry["caller"]["user"] == user_name() and entry["caller"]["uid"] == os.getuid()
    assert 0 < entry["caller"]["pid"] != os.getpid()
    assert entry["host"] == os.uname().nodename
    assert entry["version"] == daemon.call("daemon.ping")["version"]
    assert entry["at"] == database.value(
        "SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        " FROM woven.history WHERE id = %s", entry["id"])
    assert entry["error"] is entry["sqlstate"] is entry["note"] is None


def test_failures(story):
    _, _, daemon, bad = story
    assert entries(daemon, "--failed") == [("up", bad, "failed")]
    entry = log(daemon, "--failed")["entries"][0]
    assert "division by zero" in entry["error"] and entry["sqlstate"] == "22012"
    assert entry["tag"] is None


def test_filters(story):
    project, database, daemon, bad = story
    first, second = project.ids[:2]
    assert entries(daemon, "--revision", second) == [("down", second, "done"), ("up", second, "done")]
    assert entries(daemon, "--revision", first[:4]) == [("up", first, "done")]
    assert entries(daemon, "--revision", "c0ffee") == []
    assert len(entries(daemon, "--since", "1h")) == 4
    assert len(entries(daemon, "--since", "2 days")) == 4
    assert entries(daemon, "--since", "2999-01-01") == []
    moment = database.value("SELECT started_at::text FROM woven.history WHERE revision = %s", bad)
    assert [entry[1] for entry in entries(daemon, "--since", moment)] == [second, bad]
    error = daemon.ctl("migrate", "log", "--since", "never", expect=2).json["error"]
    assert error["code"] == "INVALID_PARAMS" and "never" in error["message"] and error["hint"]


def test_pages(story):
    project, _, daemon, bad = story
    first = log(daemon, "-n", "3")
    assert [entry["revision"] for entry in first["entries"]] == [project.ids[1], bad, project.ids[1]]
    assert first["next"] == first["entries"][-1]["id"]
    rest = log(daemon, "-n", "3", "--before", str(first["next"]))
    assert [entry["revision"] for entry in rest["entries"]] == [project.ids[0]]
    assert rest["next"] is None
    assert f"log --before {first['next']}\n" in daemon.text("migrate", "log", "-n", "3").out
    for limit in ("0", "1001", "x", "-1"):
        daemon.ctl("migrate", "log", "--limit=" + limit, expect=2)


def test_text(story):
    project, _, daemon, bad = story
    lines = daemon.text("migrate", "log").out.splitlines()
    assert f"down {project.ids[1]}  Step 2  done in " in lines[0]
    assert lines[1].startswith(f"    by {user_name()} (uid {os.getuid()}, pid ")
    assert f"up {bad}  Divide  failed after " in lines[2]
    assert "division by zero (SQLSTATE 22012)" in lines[4]
    assert lines[-1].endswith(", job 1, tag release 12")
    assert "Nothing" in daemon.text("migrate", "log", "--revision", "zzz").out


def test_stamps_repairs_and_adoption(rig):
    project = rig.project()
    ids = [project.add("SELECT 1;", revision="aa1"),
           project.add("SELECT 1;", revision="bb2", down_revision="aa1"),
           project.add("SELECT 1;", revision="cc3", down_revision="aa1")]
    database = rig.database()
    database.run("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    database.run("INSERT INTO alembic_version VALUES ('aa1')")
    daemon = rig.leader(project, database)
    daemon.ctl("migrate", "stamp", "heads", "--tag", "by hand")
    assert entries(daemon) == [("stamp", "bb2 cc3", "done"), ("adopt", "aa1", "done")]
    assert entries(daemon, "--revision", "cc") == [("stamp", "bb2 cc3", "done")]
    assert log(daemon)["entries"][0]["tag"] == "by hand" and ids


@pytest.mark.parametrize("change", [
    "UPDATE woven.history SET outcome = 'done'", "DELETE FROM woven.history",
    "TRUNCATE woven.history", "DELETE FROM woven.history WHERE false"])
def test_nothing_in_it_can_be_changed(story, change):
    _, database, daemon, _ = story
    before = log(daemon)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append only"):
        database.run(change)
    assert log(daemon) == before


def test_a_migration_cannot_change_it_either(story):
    project, database, daemon, bad = story
    project.file_of(bad).unlink()
    project.ids.remove(bad)
    project.add("DELETE FROM woven.history;", message="Cover up", revision="dd4")
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).json["error"]
    assert error["sqlstate"] == "42501"
    assert entries(daemon)[0] == ("up", "dd4", "failed") and len(entries(daemon)) > 4


def reader(database):
    """The backend that waits for a lock to answer a question; None when none does."""
    return database.value("SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                          "AND application_name LIKE '%%(watch)' AND wait_event_type = 'Lock'")


QUESTIONS = {"migrate.log": "woven.history", "migrate.verify": "woven.revision",
             "migrate.status": "woven.journal", "migrate.current": "alembic_version"}


@pytest.mark.parametrize("method", QUESTIONS)
def test_a_stop_while_it_is_read(story, method):
    _, database, daemon, _ = story
    with daemon.client() as client, database.locked(QUESTIONS[method]):
        question = client.request(method)
        wait_until(lambda: reader(database), "the question to hang")
        daemon.signal(signal.SIGTERM)
        error = client.answer(question)["error"]["data"]
    assert (error["code"], error["message"]) == ("SHUTTING_DOWN", "the daemon stops")


@pytest.mark.parametrize("method", QUESTIONS)
def test_new_settings_while_it_is_read(story, method):
    """They take the connection away, and the question is asked again on the next one."""
    _, database, daemon, _ = story
    before = daemon.call(method)
    with daemon.client() as client:
        with database.locked(QUESTIONS[method]):
            question = client.request(method)
            first = wait_until(lambda: reader(database), "the question to hang")
            daemon.write_conf(timeouts={"connect": "4s"})
            daemon.signal(signal.SIGHUP)
            wait_until(lambda: reader(database) not in (None, first), "it to be asked again")
        answer = client.answer(question)["result"]
    if method == "migrate.status":  # without what differs from time to time, as ages
        answer, before = ({key: told[key] for key in ("state", "current", "pending", "edited")}
                          for told in (answer, before))
    assert answer == before


def test_without_the_database(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    database.cluster.stop()
    for command in ("log", "verify"):
        error = daemon.ctl("migrate", command, expect=1).json["error"]
        assert error["code"] in ("DATABASE_UNREACHABLE", "CONNECTION_LOST")
    database.cluster.start()
    daemon.wait_role("leader")
    wait_until(lambda: daemon.ctl("migrate", "log", expect=None).status == 0, "the log to be read")
    assert entries(daemon) == [("up", project.ids[0], "done")]
