"""wovenctl against a real daemon: exit statuses, text and JSON, files that it writes."""

import json
import os
import pty
import select
import subprocess

from rig.programs import PATIENCE, WOVENCTL, clean_environment
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until


def test_status_states(rig):
    project, _, daemon = rig.simple(2)
    assert daemon.ctl("migrate", "status").json["state"] == "empty"
    daemon.ctl("migrate", "upgrade", "+1")
    status = daemon.ctl("migrate", "status").json
    assert status["state"] == "behind" and status["role"] == "leader"
    assert status["database"]["reachable"] and status["database"]["server_version"]
    assert status["files"] == {"revisions": 2, "problems": []}
    daemon.ctl("migrate", "upgrade", "head")
    assert daemon.ctl("migrate", "status").json["state"] == "at-head"
    text = daemon.text("migrate", "status").out
    assert project.ids[1] in text and "at-head" in text.replace(" ", "-").lower()


def test_current_check_heads_exits_with_3(rig):
    _, _, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "+1")
    daemon.ctl("migrate", "current", "--check-heads", expect=3)
    daemon.ctl("migrate", "upgrade", "head")
    daemon.ctl("migrate", "current", "--check-heads", expect=0)


def test_no_daemon_exits_with_4(rig):
    _, _, daemon = rig.simple(1)
    daemon.stop()
    result = daemon.ctl("migrate", "status", expect=4)
    assert result.error["code"] == "NO_DAEMON" and str(daemon.socket) in str(result.error)


def test_usage_exits_with_2(rig):
    _, _, daemon = rig.simple(1)
    for words in (["migrate", "upgarde"], ["migrate", "upgrade", "--nope"], ["migrate", "downgrade"]):
        assert daemon.ctl(*words, expect=2).error["code"] == "USAGE"


def test_wrong_project_is_refused(rig):
    _, database, daemon = rig.simple(1)
    daemon.ctl("--project", "other", "migrate", "upgrade", "head", expect=None)
    assert database.heads() == []
    daemon.ctl("--project", "woven", "migrate", "upgrade", "head")


def test_plan_against_the_database_and_without_it(rig):
    project, _, daemon = rig.simple(3)
    daemon.ctl("migrate", "upgrade", "+1")
    plan = daemon.ctl("migrate", "plan", "head").json
    assert plan["current"] == [project.ids[0]] and plan["heads_after"] == [project.ids[2]]
    assert plan["steps"] == [
        {"revision": project.ids[n], "direction": "up", "message": f"Step {n + 1}"} for n in (1, 2)]
    plan = daemon.ctl("migrate", "plan", "downgrade", "base").json
    assert [step["direction"] for step in plan["steps"]] == ["down"]
    rig.cluster.stop()
    plan = daemon.ctl("migrate", "plan", "--from", "base", "head").json
    assert [step["revision"] for step in plan["steps"]] == project.ids
    plan = daemon.ctl("migrate", "plan", "downgrade", "--from", project.ids[2], "-2").json
    assert [step["revision"] for step in plan["steps"]] == [project.ids[2], project.ids[1]]
    plan = daemon.ctl("migrate", "plan", "stamp", "--from", "base", project.ids[1]).json
    assert plan["heads_after"] == [project.ids[1]]
    rig.cluster.start()


def test_history_heads_show(rig):
    project, _, daemon = rig.simple(3)
    daemon.ctl("migrate", "upgrade", "+2")
    history = daemon.ctl("migrate", "history", "-i").json["revisions"]
    assert [item["revision"] for item in history] == project.ids[::-1]
    assert [item["is_current"] for item in history] == [False, True, False]
    ranged = daemon.ctl("migrate", "history", "-r", f"{project.ids[1]}:").json["revisions"]
    assert project.ids[0] not in [item["revision"] for item in ranged]
    assert daemon.ctl("migrate", "heads").json["revisions"][0]["revision"] == project.ids[2]
    shown = daemon.ctl("migrate", "show", project.ids[0][:6]).json["revisions"][0]
    assert shown["revision"] == project.ids[0] and "CREATE TABLE t1" in shown["sql"]
    assert "CREATE TABLE t1" in daemon.text("migrate", "show", project.ids[0]).out


def test_revision_writes_a_file_that_can_be_applied(rig):
    project, database, daemon = rig.simple(1)
    result = daemon.ctl("migrate", "revision", "-m", "Add albums: \"é\" & more", "--rev-id",
                        "feedc0de0001").json
    path = project.versions / os.path.basename(result["path"])
    text = path.read_text(encoding="utf-8")
    assert "-- revision: feedc0de0001" in text and f"-- down_revision: {project.ids[0]}" in text
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == ["feedc0de0001"]
    again = daemon.ctl("migrate", "revision", "-m", "Same", "--rev-id", "feedc0de0001", expect=None)
    assert again.status != 0
    assert path.read_text(encoding="utf-8") == text


def test_revision_never_overwrites(rig):
    project, _, daemon = rig.simple(1)
    made = daemon.ctl("migrate", "revision", "-m", "one", "--rev-id", "abcdef000001").json
    os.unlink(made["path"])
    daemon.ctl("daemon", "reload")
    with open(made["path"], "w", encoding="utf-8") as other:
        other.write("mine")
    daemon.ctl("migrate", "revision", "-m", "one", "--rev-id", "abcdef000001", expect=1)
    with open(made["path"], encoding="utf-8") as other:
        assert other.read() == "mine"
    assert project.ids


def test_init_makes_a_project_that_a_daemon_takes(rig):
    folder = rig.folder / "fresh"
    subprocess.run([WOVENCTL, "migrate", "init", str(folder)], check=True, capture_output=True,
                   env=clean_environment())
    assert {path.name for path in folder.iterdir()} >= {"woven.conf", "script.sql.in", "versions",
                                                        "models"}
    again = subprocess.run([WOVENCTL, "migrate", "init", str(folder)], check=False,
                           capture_output=True, env=clean_environment())
    assert again.returncode == 1
    database = rig.database()
    project = rig.project()
    daemon = rig.daemon(project, database, options=[
        "--socket", str(rig.folder / "wovend1.sock"), "--database", database.conninfo], start=False)
    daemon.conf = folder / "woven.conf"
    daemon.start()
    daemon.wait_role("leader")
    daemon.ctl("migrate", "revision", "-m", "First")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert len(database.heads()) == 1


def test_results_to_stdout_and_progress_to_stderr(rig):
    project, _, daemon = rig.simple(2)
    done = daemon.text("migrate", "upgrade", "head")
    assert project.ids[0] in done.out + done.err
    quiet = daemon.text("--quiet", "migrate", "downgrade", "base")
    assert quiet.err == ""
    assert json.loads(daemon.ctl("migrate", "upgrade", "head").out)["outcome"] == "done"


def test_error_for_people_names_place_and_what_to_do(rig):
    project = rig.project()
    revision = project.add("SELECT 1;\nSELECT nonsense;")
    daemon = rig.leader(project, rig.database())
    done = daemon.text("migrate", "upgrade", "head", expect=1)
    name = project.file_of(revision).name
    assert f"{name}:" in done.err and "nonsense" in done.err and "42703" in done.err
    assert "\x1b[" not in done.err + done.out, "no colour off a terminal"


def on_terminal(daemon, *arguments, until, then, **env):
    """Runs wovenctl on a terminal; when `until` is shown, calls then(process). Returns it all."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [WOVENCTL, "--socket", str(daemon.socket), *arguments], stdin=slave, stdout=slave,
        stderr=slave, env=clean_environment(TERM="xterm", **env), start_new_session=True)
    os.close(slave)
    shown = b""

    def read_on():
        nonlocal shown
        if select.select([master], [], [], 0.05)[0]:
            try:
                shown += os.read(master, 65536)
            except OSError:
                return process.wait(30 * PATIENCE) is not None
        return False

    wait_until(lambda: read_on() or until in shown, f"{until!r} on the terminal")
    then(process)
    wait_until(lambda: read_on() or process.poll() is not None, "wovenctl to end")
    while select.select([master], [], [], 0)[0]:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    os.close(master)
    return process.wait(), shown.decode(errors="replace")


def test_terminal_shows_a_live_line(rig):
    project = rig.project()
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";", message="Wait for the gate")
    database = rig.database()
    daemon = rig.leader(project, database)
    status, shown = on_terminal(daemon, "migrate", "upgrade", "head", until=b" s  ",
                                then=lambda _: open_gate(database))
    assert status == 0 and project.ids[1] in shown
    assert "\r" in shown or "\x1b[" in shown


def test_no_color(rig):
    _, _, daemon = rig.simple(1)
    _, shown = on_terminal(daemon, "migrate", "status", until=b"woven", then=lambda _: None,
                           NO_COLOR="1")
    assert "\x1b[3" not in shown and "\x1b[1m" not in shown


def test_tag_and_daemon_commands(rig):
    _, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head", "--tag", "v1")
    assert database.value("SELECT tag FROM woven.history") == "v1"
    status = daemon.ctl("daemon", "status").json
    assert status["pid"] == daemon.process.pid and status["files"]["revisions"] == 1
    assert daemon.ctl("daemon", "ping").json["service"] == "wovend"
