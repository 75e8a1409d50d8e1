"""wovenctl run-locked: other tools' commands while the daemon holds the project's lock."""

import contextlib
import pathlib
import pwd
import signal

import pytest

from rig.cluster import SUPERUSER
from rig.programs import PATIENCE, WOVENCTL, postgres_program
from rig.terminal import Terminal
from rig.waiting import wait_until

LOCK_LOST = 125


class Command:
    """A shell command that tells that it runs, and by which pids, and goes on when told to."""

    def __init__(self, rig, name, body="exit 0", trap="", child=False):
        self.folder = rig.folder / name
        self.folder.mkdir()
        self.program = self.folder / "tool"
        started = self.folder / "started"
        sleeper = 'sh -c "echo \\$\\$ >> pids; while :; do sleep 0.05; done" & ' if child else ""
        self.program.write_text(
            f"#!/bin/sh\ncd {self.folder}\n{trap}\necho $$ >> pids\n{sleeper}\n"
            f"touch {started.name}\nwhile [ ! -e go ]; do sleep 0.02; done\n{body}\n")
        self.program.chmod(0o755)

    def __str__(self):
        return str(self.program)

    @property
    def started(self):
        return (self.folder / "started").exists()

    def pids(self):
        return [int(word) for word in (self.folder / "pids").read_text().split()]

    def go(self):
        (self.folder / "go").touch()

    def has(self, name):
        return (self.folder / name).exists()

    @property
    def alive(self):
        return [pid for pid in self.pids() if is_alive(pid)]


def is_alive(pid):
    with contextlib.suppress(OSError):
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state not in "ZX"
    return False


def begin(daemon, command, *options, **more):
    """wovenctl with the command under way."""
    process = daemon.ctl_process(*options, "run-locked", "--", str(command), json_output=False, **more)
    wait_until(lambda: command.started, "the command to run")
    return process


def end(process):
    out, err = process.communicate(timeout=60 * PATIENCE)
    return process.returncode, out, err


def rows(database):
    return database.run("SELECT kind, outcome, command, error, revision FROM woven.history "
                        "WHERE kind = 'run-locked' ORDER BY id")


def lock_is_held(database):
    return database.value("SELECT count(*) FROM pg_locks l JOIN woven.leader w "
                          "ON w.backend_pid = l.pid WHERE l.locktype = 'advisory' AND l.granted")


def locked(daemon, *words, expect=0, **more):
    return daemon.text("run-locked", "--", *words, expect=expect, **more)


# --- how commands end ---


@pytest.mark.parametrize("script, status, text", [
    ("exit 0", 0, "sh ended with exit status 0"),
    ("exit 3", 3, "sh ended with exit status 3"),
    ("exit 255", 255, "sh ended with exit status 255"),
    ("kill -TERM $$", 143, "sh was ended by SIGTERM"),
    ("kill -KILL $$", 137, "sh was ended by SIGKILL"),
])
def test_its_exit_status_is_the_commands(rig, script, status, text):
    _, database, daemon = rig.simple(1)
    result = locked(daemon, "sh", "-c", f"echo out; echo err >&2; {script}", expect=status)
    assert result.out == "out\n" and result.err.startswith("err\n")
    assert "the lock was held for" in result.err
    assert rows(database) == [("run-locked", "done" if status == 0 else "failed", "sh", text, "")]


def test_words_are_the_commands_own(rig):
    _, database, daemon = rig.simple(1)
    result = locked(daemon, "printf", "<%s>", "-q", "--json", "--", "a b", "")
    assert result.out == "<-q><--json><--><a b><>"
    result = daemon.text("--quiet", "run-locked", "printf", "%s", "--tag")
    assert (result.out, result.err) == ("--tag", "")
    # What may be secret is nowhere.
    daemon.text("run-locked", "--tag", "by hand", "--", "/bin/echo", "password=secret")
    assert rows(database)[-1][2] == "echo" and "secret" not in daemon.log_text()
    assert database.value("SELECT count(*) FROM woven.history h WHERE h::text LIKE '%secret%'") == 0
    assert database.value("SELECT tag FROM woven.history ORDER BY id DESC LIMIT 1") == "by hand"


def test_what_cannot_be_run_keeps_no_lock(rig):
    _, database, daemon = rig.simple(1)
    folder = rig.folder / "plain"
    folder.mkdir()
    assert "cannot run no-such-tool: No such file" in locked(daemon, "no-such-tool", expect=127).err
    assert f"cannot run {folder}: " in locked(daemon, str(folder), expect=126).err
    assert [row[1:4] for row in rows(database)] == [
        ("failed", "no-such-tool", "no-such-tool was not started: No such file or directory"),
        ("failed", "plain", "plain was not started: Permission denied")]
    assert daemon.status()["job"] is None
    daemon.ctl("run-locked", expect=2)


def test_signals_are_as_for_any_other_child(rig):
    daemon = rig.simple(1)[2]
    script = "import signal; print([signal.getsignal(s) == signal.SIG_DFL for s in (13, 15, 17)], " \
             "signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    # Python itself ignores SIGPIPE and catches SIGINT.
    assert locked(daemon, "/usr/bin/python3", "-c", script).out == "[False, True, True] set()\n"
    assert "kill" in locked(daemon, "sh", "-c", "trap 'echo killed' PIPE; kill -PIPE $$").out


def test_json(rig):
    project, _, daemon = rig.simple(1)
    done = daemon.ctl("run-locked", "--", "sh", "-c", "exit 4", expect=4).json
    assert done["outcome"] == "failed" and done["error"]["code"] == "COMMAND_FAILED"
    assert done["command"]["exit_status"] == 4 and done["command"]["signal"] is None
    assert done["command"]["held_seconds"] >= 0 and done["current"] == []
    entry = daemon.ctl("migrate", "log").json["entries"][0]
    assert (entry["kind"], entry["command"], entry["outcome"]) == ("run-locked", "sh", "failed")
    assert entry["error"] == "sh ended with exit status 4" and entry["note"] is None
    daemon.ctl("migrate", "upgrade", "head")
    done = daemon.ctl("run-locked", "true").json
    assert done["outcome"] == "done" and done["heads_after"] == project.ids
    text = daemon.text("migrate", "log").out
    assert "run-locked sh  failed after" in text and "run-locked true  done" in text
    assert daemon.ctl("migrate", "log").json["entries"][1]["command"] is None


# --- the lock ---


def test_shown_while_it_runs(rig):
    _, database, daemon = rig.simple(1)
    command = Command(rig, "a")
    process = begin(daemon, command)
    job = daemon.status()["job"]
    assert (job["kind"], job["command"], job["state"]) == ("run-locked", "tool", "holding")
    assert job["caller"]["pid"] == process.pid and lock_is_held(database) == 1
    page = daemon.text("migrate", "status").out
    assert "run-locked tool, holding, asked for by" in page
    command.go()
    assert end(process)[0] == 0
    assert daemon.status()["job"] is None


def test_beats_go_to_the_caller_alone(rig):
    daemon = rig.simple(1)[2]
    with daemon.client() as client, daemon.client() as watcher:
        watch = watcher.request("migrate.watch")
        hold = client.request("lock.hold", program="x")
        event = client.wait_event("held")
        assert event["command"] == "x" and event["lease_ms"] > 2000
        client.wait_event("beat")
        job = event["job"]
        assert watcher.refused("lock.release", job=job, exit_status=0)["code"] == "NO_SUCH_JOB"
        for wrong in ({}, {"exit_status": 0, "signal": 9}, {"exit_status": 256}, {"signal": 65},
                      {"signal": 0}):
            assert client.refused("lock.release", job=job, **wrong)["code"] == "INVALID_PARAMS"
        assert client.refused("lock.release", job=job + 1, signal=9)["code"] == "NO_SUCH_JOB"
        assert client.call("lock.release", job=job, signal=9) == {"job": job}
        assert client.answer(hold)["result"]["command"]["signal"] == 9
        assert watcher.answer(watch)["result"] == {"job": job, "outcome": "failed"}
        events = [event["event"] for event in watcher.events]
        assert "held" in events and "beat" not in events and events[-1] == "finished"
        assert client.refused("lock.release", job=job, signal=9)["code"] == "NO_SUCH_JOB"
        for program in ("", "x" * 256):
            assert client.refused("lock.hold", program=program)["code"] == "INVALID_PARAMS"


def test_nobody_waits_inside_postgresql(rig):
    _, database, daemon = rig.simple(1)
    second = rig.daemon(daemon.project, database)
    second.wait_role("standby")
    daemon.ctl("migrate", "upgrade", "head")
    command = [postgres_program("psql"), "-X", "-h", str(rig.cluster.sockets), "-U", SUPERUSER, "-d",
               database.name, "-c", "CREATE INDEX CONCURRENTLY built ON t1 (id)"]
    blocker = Command(rig, "a")
    first = begin(daemon, blocker)
    with second.client() as client:
        asked = client.request("migrate.upgrade", target="base")
        client.answer(asked)
        waits = second.ctl_process("run-locked", "--", *command, json_output=False)
        wait_until(lambda: database.value("SELECT count(*) FROM woven.want"), "the other to ask")
        assert database.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0
        blocker.go()
        assert end(first)[0] == 0
        status, _, err = end(waits)
        assert status == 0, err
    assert database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'built'::regclass")


def test_other_jobs_queue_behind_it(rig):
    project, database, daemon = rig.simple(2)
    command = Command(rig, "a")
    process = begin(daemon, command)
    with daemon.client() as client:
        upgrade = client.request("migrate.upgrade", target="head")
        assert client.wait_event("queued")["position"] == 1
        next_one = daemon.ctl_process("run-locked", "--", "sh", "-c", "echo next", json_output=False)
        wait_until(lambda: daemon.call("daemon.status")["jobs_waiting"] == 2, "both to queue")
        assert database.tables() == []
        command.go()
        assert end(process)[0] == 0
        assert client.answer(upgrade)["result"]["outcome"] == "done"
    assert end(next_one)[:2] == (0, "next\n")
    assert database.heads() == [project.ids[-1]]
    kinds = database.run("SELECT kind FROM woven.history ORDER BY id")
    assert [kind for kind, in kinds] == ["run-locked", "up", "up", "run-locked"]


def test_the_lead_comes_to_the_command_and_stays_until_its_end(rig):
    project, database, first = rig.simple(1)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    command = Command(rig, "a")
    process = begin(second, command)
    assert second.status()["role"] == "leader" and first.wait_role("standby")
    seen = wait_until(lambda: first.status()["running"], "the other to be told of")
    assert seen["kind"] == "run-locked"
    with first.client() as client:
        upgrade = client.request("migrate.upgrade", target="head")
        text = client.wait_event("waiting")["text"]
        assert str(second.process.pid) in text and "run-locked" in text
        assert database.tables() == [] and second.status()["role"] == "leader"
        command.go()
        assert end(process)[0] == 0
        assert client.answer(upgrade)["result"]["outcome"] == "done"
    # With --no-hand-over it is refused.
    refused = second.text("run-locked", "--no-hand-over", "--", "touch", str(rig.folder / "ran"),
                          expect=6)
    assert "(NOT_LEADER)" in refused.err and not (rig.folder / "ran").exists()


def test_faulty_files_are_no_hindrance(rig):
    project, _, daemon = rig.simple(1)
    (project.versions / "bad_one.sql").write_text("-- revision\n")
    daemon.ctl("migrate", "upgrade", "head", expect=1)
    assert locked(daemon, "echo", "well").out == "well\n"


def test_access(rig):
    project, database, _ = rig.simple(1)
    other = rig.daemon(project, database, settings={"access": {"migrate": ["4242"]}})
    ran = rig.folder / "ran"
    assert "may not call lock.hold" in locked(other, "touch", str(ran), expect=6).err
    with other.client() as client:
        assert client.refused("lock.release", job=1, signal=1)["code"] == "ACCESS_DENIED"
    assert not ran.exists()


def test_no_daemon(rig):
    daemon = rig.simple(1)[2]
    daemon.stop()
    locked(daemon, "touch", str(rig.folder / "ran"), expect=4)
    assert not (rig.folder / "ran").exists()


# --- before it begins ---


def test_time_is_over_before_the_lock_is_there(rig):
    _, database, daemon = rig.simple(1)
    command = Command(rig, "a")
    process = begin(daemon, command)
    ran = rig.folder / "ran"
    result = daemon.text("--timeout", "300ms", "run-locked", "--", "touch", str(ran), expect=5)
    assert "nothing was run" in result.err
    wait_until(lambda: daemon.call("daemon.status")["jobs_waiting"] == 0, "its place to be free")
    command.go()
    assert end(process)[0] == 0 and not ran.exists() and len(rows(database)) == 1


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 7), (signal.SIGTERM, -signal.SIGTERM),
                                            (signal.SIGKILL, -signal.SIGKILL)])
def test_ended_while_it_waits_for_another_hosts_lock(rig, number, status):
    project, database, first = rig.simple(1)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    command = Command(rig, "a")
    process = begin(first, command)
    ran = rig.folder / "ran"
    waits = second.ctl_process("run-locked", "--", "touch", str(ran), json_output=False)
    wait_until(lambda: database.value("SELECT count(*) FROM woven.want"), "it to ask for the lead")
    waits.send_signal(number)
    assert end(waits)[0] == status
    wait_until(lambda: second.status()["job"] is None, "its job to end")
    wait_until(lambda: not database.value("SELECT count(*) FROM woven.want"), "it to leave the queue")
    command.go()
    assert end(process)[0] == 0 and not ran.exists() and len(rows(database)) == 1


# --- stopped ---


def test_cancel_stops_the_command(rig):
    _, database, daemon = rig.simple(1)
    command = Command(rig, "a", trap="trap 'touch told; exit 9' TERM")
    process = begin(daemon, command)
    assert daemon.ctl("migrate", "cancel").json["outcome"] == "cancelled"
    status, _, err = end(process)
    assert status == 9 and "the job is cancelled: stopping tool (SIGTERM)" in err
    assert command.has("told") and not command.alive
    assert rows(database)[0][1:4] == ("cancelled", "tool", "tool ended with exit status 9")


def test_a_stubborn_command_is_killed_with_all_it_started(rig):
    _, database, daemon = rig.simple(1)
    command = Command(rig, "a", trap="trap '' TERM", child=True)
    process = begin(daemon, command)
    wait_until(lambda: len(command.pids()) == 2, "both processes")
    assert daemon.ctl("migrate", "cancel").json["outcome"] == "cancelled"
    status, _, err = end(process)
    assert status == 128 + signal.SIGKILL and "killed (SIGKILL)" in err
    assert not command.alive
    assert rows(database)[0][1:4] == ("cancelled", "tool", "tool was ended by SIGKILL")


def test_what_the_command_started_is_waited_for_when_it_is_stopped(rig):
    """The first process ends at once, the work is done by another one, which cleans up."""
    _, _, daemon = rig.simple(1)
    command = Command(rig, "a")
    command.program.write_text(
        f"#!/bin/sh\ncd {command.folder}\n"
        "sh -c 'trap \"while [ ! -e go ]; do sleep 0.02; done; touch cleaned; exit\" TERM;"
        " echo $$ >> pids; touch started; while :; do sleep 0.02; done'\n")
    process = begin(daemon, command)
    with daemon.client() as client:
        cancel = client.request("migrate.cancel")
        wait_until(lambda: daemon.status()["job"]["state"] == "cancelling", "the cancel")
        assert lock_is_held_by(daemon) and process.poll() is None
        command.go()
        assert client.answer(cancel)["result"]["outcome"] == "cancelled"
    assert end(process)[0] == 128 + signal.SIGTERM and command.has("cleaned")


def lock_is_held_by(daemon):
    return daemon.status()["role"] == "leader"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_signals_reach_the_command(rig, number):
    _, database, daemon = rig.simple(1)
    name = signal.Signals(number).name[3:]
    command = Command(rig, "a", trap=f"trap 'echo got {name}; touch got' {name}")
    process = begin(daemon, command)
    process.send_signal(number)
    wait_until(lambda: command.has("got"), "the signal to reach the command")
    command.go()
    assert end(process)[:2] == (0, f"got {name}\n")
    assert rows(database)[0][1] == "done"


def test_daemon_that_stops_gives_it_the_grace_time(rig):
    _, database, daemon = rig.simple(1, settings={"timeouts": {"grace": "300ms"}})
    command = Command(rig, "a")
    process = begin(daemon, command)
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    status, _, err = end(process)
    assert status == 143 and "stopping tool" in err and not command.alive
    assert rows(database)[0][1:4] == ("cancelled", "tool", "tool was ended by SIGTERM")


# --- the lock is lost ---


def test_session_is_terminated(rig):
    _, database, daemon = rig.simple(1)
    command = Command(rig, "a", trap="trap 'touch told; exit 9' TERM")
    process = begin(daemon, command)
    database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
    status, _, err = end(process)
    assert status == LOCK_LOST and command.has("told")
    assert "the lock was lost: " in err and "stopping tool (SIGTERM)" in err
    daemon.wait_role("leader")
    (row,) = wait_until(lambda: rows(database), "the row of a job whose session was gone")
    assert row[1:3] == ("failed", "tool")
    assert "the lock was lost" in row[3] and row[3].endswith("tool ended with exit status 9")
    assert locked(daemon, "echo", "again").out == "again\n"


def test_lock_that_was_lost_before_the_command_ended_is_never_called_held(rig):
    """The daemon hears of both at once: that its session is gone, and that the command has ended."""
    _, database, daemon = rig.simple(1)
    with daemon.client() as client:
        hold = client.request("lock.hold", program="tool")
        job = client.wait_event("held")["job"]
        daemon.signal(signal.SIGSTOP)
        try:
            database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
            wait_until(lambda: lock_is_held(database) == 0, "the lock to be free")
            client.request("lock.release", job=job, exit_status=0)
        finally:
            daemon.signal(signal.SIGCONT)
        result = client.answer(hold)["result"]
    assert result["outcome"] == "failed" and result["error"]["code"] == "CONNECTION_LOST"
    (row,) = wait_until(lambda: rows(database), "the row of a job whose session was gone")
    assert row[1:3] == ("failed", "tool") and "the lock was lost" in row[3]


def test_server_goes_away(rig):
    _, _, daemon = rig.simple(1)
    command = Command(rig, "a")
    process = begin(daemon, command, "--json")
    rig.cluster.stop(signal.SIGQUIT)
    status, out, _ = end(process)
    assert status == LOCK_LOST and "the lock was lost" in out and not command.alive


def test_lead_that_is_taken_away_is_left_alone_until_the_command_has_ended(rig):
    """The daemon's own next job does not run beside a command that is being stopped."""
    project, database, daemon = rig.simple(1)
    command = Command(rig, "a", trap="trap 'while [ ! -e go ]; do sleep 0.02; done; exit 9' TERM")
    process = begin(daemon, command)
    with daemon.client() as client:
        upgrade = client.request("migrate.upgrade", target="head")
        client.wait_event("queued")
        with daemon.logs("the lock was lost"):
            database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
        wait_until(lambda: "the lock was lost" in (daemon.status()["job"].get("waiting") or ""),
                   "the job to tell")
        assert database.tables() == []
        command.go()
        assert client.answer(upgrade)["result"]["outcome"] == "done"
    assert end(process)[0] == LOCK_LOST and database.heads() == project.ids


def test_killed_client_takes_the_command_along(rig):
    project, database, daemon = rig.simple(1)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    command = Command(rig, "a", trap="trap '' TERM INT HUP", child=True)
    process = begin(daemon, command)
    wait_until(lambda: len(command.pids()) == 2, "both processes")
    process.kill()
    process.wait()
    wait_until(lambda: not command.alive, "the command and what it has started to be gone")
    (row,) = wait_until(lambda: rows(database), "the job to end")
    assert row[1:3] == ("failed", "tool") and "the client that ran tool has gone" in row[3]
    assert second.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_killed_daemon(rig):
    project, database, daemon = rig.simple(1)
    second = rig.daemon(project, database)
    second.wait_role("standby")
    command = Command(rig, "a", child=True)
    process = begin(daemon, command)
    daemon.kill()
    status, _, err = end(process)
    assert status == LOCK_LOST and "the lock is lost" in err and not command.alive
    second.wait_role("leader")


def test_daemon_that_hangs(rig):
    """It keeps its session; nothing can be known but that it says nothing."""
    daemon = rig.simple(1)[2]
    command = Command(rig, "a")
    process = begin(daemon, command)
    daemon.signal(signal.SIGSTOP)
    try:
        status, _, err = end(process)
    finally:
        daemon.signal(signal.SIGCONT)
    assert status == LOCK_LOST and "wovend has said nothing for" in err and not command.alive
    wait_until(lambda: daemon.status()["job"] is None, "the job to end")
    assert locked(daemon, "echo", "again").out == "again\n"


def test_client_that_does_not_end_its_command_is_not_waited_for_for_ever(rig):
    _, database, daemon = rig.simple(1)
    with daemon.client() as client:
        client.seconds = 60 * PATIENCE
        hold = client.request("lock.hold", program="x")
        client.wait_event("held")
        assert daemon.ctl("migrate", "cancel", expect=3, seconds=60).json["outcome"] == "failed"
        result = client.answer(hold)["result"]
    assert result["error"]["code"] == "COMMAND_FAILED" and "did not say" in result["error"]["message"]
    assert result["command"]["exit_status"] is None and rows(database)[0][1] == "failed"


# --- as another user ---


def begin_as_nobody(rig, sudo, trap=""):
    project, database, daemon = rig.simple(
        1, settings={"socket_mode": "0666", "access": {"migrate": ["*"]}})
    command = Command(rig, "a", trap=trap)
    nobody = pwd.getpwnam("nobody")
    with open(rig.folder / "told", "wb") as told:
        process = daemon.ctl_process("run-locked", "--", str(sudo), str(command), json_output=False,
                                     user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=(),
                                     stderr=told)
    rig.defer(lambda: (command.go(), process.kill(), process.wait()))
    wait_until(lambda: command.started, "the command to run")
    return project, database, daemon, command, process


def test_a_command_of_another_user_is_watched_to_its_end(rig, sudo):
    _, database, _, command, process = begin_as_nobody(rig, sudo)
    database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
    told = rig.folder / "told"
    wait_until(lambda: "sudo cannot be stopped: it runs as another user" in told.read_text(),
               "the client to tell")
    assert command.alive and process.poll() is None
    command.go()
    assert end(process)[0] == LOCK_LOST and not command.alive
    assert "went on without the lock until it ended" in told.read_text()


def test_killed_client_of_a_command_of_another_user_keeps_the_lock(rig, sudo):
    """Neither the kernel nor the guard can end the command: nothing may run beside it."""
    project, database, daemon, command, process = begin_as_nobody(rig, sudo)
    process.kill()
    process.wait()
    with daemon.client() as client:
        upgrade = client.request("migrate.upgrade", target="head")
        client.wait_event("queued")
        assert daemon.ctl("migrate", "wait", "--timeout", "500ms", expect=5).error["code"] == "TIMED_OUT"
        assert command.alive and lock_is_held(database) == 1 and database.tables() == []
        command.go()
        assert client.answer(upgrade)["result"]["outcome"] == "done"
    assert not command.alive and database.heads() == project.ids
    ((_, outcome, _, error, _),) = rows(database)
    assert outcome == "failed" and error.endswith("whether its command has ended is not known")


# --- terminals ---


@pytest.fixture(name="terminal")
def _terminal(rig):
    _, database, daemon = rig.simple(1)
    terminal = Terminal(daemon)
    rig.defer(terminal.close)
    return terminal, daemon, database


def test_ctrl_c_reaches_the_command(rig, terminal):
    terminal = terminal[0]
    command = Command(rig, "a", trap="trap 'echo cleaned up; exit 5' INT")
    terminal.type(f"{WOVENCTL} run-locked -- {command}; echo status=$?\n")
    wait_until(lambda: command.started, "the command to run")
    terminal.type("\x03")
    terminal.wait("status=5")
    assert "cleaned up" in terminal.text and "ended with exit status 5" in terminal.text


def test_command_may_read_from_the_terminal(terminal):
    terminal = terminal[0]
    terminal.type(f"{WOVENCTL} run-locked -- sh -c 'read x; echo \"<$x>\"'; echo status=$?\n")
    terminal.type("hello there\n")
    terminal.wait("status=0")
    assert "<hello there>" in terminal.text
    terminal.type("echo shell has it\n")
    terminal.wait("shell has it\r\n")


def test_ctrl_z_and_fg(rig, terminal):
    terminal, daemon, _ = terminal
    command = Command(rig, "a")
    terminal.type(f"{WOVENCTL} run-locked -- {command}; echo status=$?\n")
    wait_until(lambda: command.started, "the command to run")
    terminal.type("\x1a")
    terminal.wait("Stopped")
    pid = command.pids()[0]
    wait_until(lambda: state_of(pid) == "T", "the command to be stopped")
    assert daemon.status()["job"]["state"] == "holding"
    command.go()
    terminal.type("fg; echo then=$?\n")
    terminal.wait("then=0")
    assert "tool ended with exit status 0" in terminal.text


def test_lock_that_is_lost_while_the_job_is_suspended(rig, terminal):
    terminal, daemon, database = terminal
    command = Command(rig, "a", body="touch ran")
    terminal.type(f"{WOVENCTL} run-locked -- {command}; echo status=$?\n")
    wait_until(lambda: command.started, "the command to run")
    terminal.type("\x1a")
    terminal.wait("Stopped")
    with daemon.logs("the lock was lost"):
        database.run("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
    command.go()
    terminal.type("fg; echo then=$?\n")
    terminal.wait(f"then={LOCK_LOST}")
    assert not command.has("ran"), "it went on without the lock"


def state_of(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


# --- another tool ---


def test_alembic_from_an_empty_database(rig):
    pytest.importorskip("alembic")
    project, database, daemon = rig.simple(2)
    second = rig.daemon(project, database)
    folder = rig.folder / "alembic"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(
        "from alembic import context\nfrom sqlalchemy import create_engine\n"
        "engine = create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
        "with engine.connect() as connection:\n"
        "    context.configure(connection=connection, target_metadata=None)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n")
    for number, revision in enumerate(project.ids, 1):
        down = project.ids[number - 2] if number > 1 else None
        (folder / "versions" / f"{revision}.py").write_text(
            f"from alembic import op\nrevision = {revision!r}\ndown_revision = {down!r}\n"
            f"def upgrade():\n    op.execute('CREATE TABLE t{number} (id integer)')\n"
            f"def downgrade():\n    op.execute('DROP TABLE t{number}')\n")
    ini = folder / "alembic.ini"
    ini.write_text(f"[alembic]\nscript_location = {folder}\nsqlalchemy.url = postgresql+psycopg2://"
                   f"{SUPERUSER}@/{database.name}?host={rig.cluster.sockets}\n")
    alembic = ["/usr/bin/python3", "-m", "alembic.config", "-c", str(ini)]
    # Two hosts at once: without the lock one of them would find the tables there.
    both = [daemon.ctl_process("run-locked", "--", *alembic, "upgrade", "head", json_output=False)
            for daemon in (daemon, second)]
    for process in both:
        status, _, err = end(process)
        assert status == 0, err
    assert database.heads() == [project.ids[-1]] and set(database.tables()) == {"t1", "t2"}
    assert [row[:3] for row in rows(database)] == [("run-locked", "done", "python3")] * 2
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "nothing-to-do"
    assert daemon.status()["state"] == "at-head"
