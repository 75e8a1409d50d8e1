"""A project's private daemon: started by the first wovenctl in its folder, shared by all, gone when
nobody uses it; and when none may be started."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

from rig.daemon import BAD_IN_LOG
from rig.programs import PATIENCE, WOVENCTL, WOVEND, clean_environment
from rig.project import settings_text
from rig.waiting import wait_until

pytestmark = pytest.mark.skipif(os.path.exists("/run/woven/wovend.sock"),
                                reason="this host has a wovend of its own")


class Place:
    """A folder with a project, and the folders that a user has."""

    def __init__(self, rig, tables=2, name="woven.conf", **settings):
        self.rig = rig
        self.project = rig.project()
        self.project.add_tables(tables)
        self.folder = self.project.folder
        self.conf = self.folder / name
        self.runtime = rig.folder / "run"
        self.state = rig.folder / "state"
        self.runtime.mkdir(mode=0o700, exist_ok=True)
        self.idle_exit = "10min"
        self.write_conf(**{"database": "embedded", "log_level": "debug", **settings})
        rig.defer(self.end)

    def write_conf(self, **settings):
        self.conf.parent.mkdir(parents=True, exist_ok=True)
        self.conf.write_text(settings_text(settings), encoding="utf-8")

    def environment(self, **more):
        return clean_environment(**{"XDG_RUNTIME_DIR": str(self.runtime),
                                    "WOVEN_IDLE_EXIT": self.idle_exit,
                                    "WOVEN_STATE_DIRECTORY": str(self.state),
                                    "HOME": str(self.rig.folder), **more})

    def start(self, *arguments, cwd=None, env=None):
        return subprocess.Popen([WOVENCTL, *arguments], cwd=cwd or self.folder, text=True,
                                env=self.environment(**(env or {})), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ctl(self, *arguments, expect=0, **how):
        process = self.start(*arguments, **how)
        out, err = process.communicate(timeout=60 * PATIENCE)
        assert BAD_IN_LOG.search(err) is None, err
        assert process.returncode == expect, f"{arguments}: {process.returncode}\n{out}{err}{self.log()}"
        return out, err

    def json(self, *arguments, **how):
        return json.loads(self.ctl("--json", *arguments, **how)[0])

    def log(self):
        return "".join(path.read_text() for path in self.state.glob("wovend-*.log"))

    def daemons(self):
        """The pids of the daemons of this project."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().decode().split("\0")
                alive = (process / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            except OSError:
                continue
            if alive and words[0] == "wovend" and str(self.conf) in words:
                found.append(int(process.name))
        return found

    def end(self):
        for pid in self.daemons():
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not self.daemons(), f"the daemon to end\n{self.log()[-4000:]}")
        assert BAD_IN_LOG.search(self.log()) is None, self.log()[-4000:]


def test_the_first_command_starts_it_the_next_find_it(rig):
    place = Place(rig)
    out, err = place.ctl("migrate", "status")
    assert "Started a private wovend" in err and str(place.conf) in err
    assert "behind" in out or "empty" in out, out
    pids = place.daemons()
    assert len(pids) == 1
    _, err = place.ctl("migrate", "upgrade", "head")
    assert "Started" not in err
    deep = place.folder / "versions" / "a" / "b"
    deep.mkdir(parents=True)
    assert place.json("migrate", "status", cwd=deep)["state"] == "at-head"
    assert place.json("daemon", "status")["pid"] == pids[0]
    assert place.daemons() == pids


def test_the_project_is_found_beside_its_source(rig):
    """A repository with migrations/woven.conf: from any folder of it, not from outside."""
    place = Place(rig, name="repository/migrations/woven.conf", versions=["../../versions"])
    top = place.conf.parents[1]
    (top / ".git").mkdir()
    (top / "src/deep").mkdir(parents=True)
    assert place.json("migrate", "status", cwd=top / "src/deep")["project"] == "woven"
    (top / "src/.git").mkdir()
    _, err = place.ctl("migrate", "status", cwd=top / "src/deep", expect=4)
    assert "woven.conf" in err
    assert len(place.daemons()) == 1


def test_many_clients_start_one(rig):
    place = Place(rig)
    clients = [place.start("--json", "migrate", "upgrade", "head") for _ in range(12)]
    results = [client.communicate(timeout=120 * PATIENCE) for client in clients]
    assert [client.returncode for client in clients] == [0] * 12, results
    assert len(place.daemons()) == 1
    assert len(re.findall(r"wovend .* starts", place.log())) == 1


def test_it_ends_when_nobody_uses_it(rig):
    place = Place(rig)
    place.idle_exit = "1s"
    waiter = place.start("migrate", "wait", "head")
    wait_until(place.daemons, "the daemon")
    # A client that waits keeps it; so the wait ends by the upgrade of another and not before.
    begin = time.monotonic()
    wait_until(lambda: time.monotonic() > begin + 2, "longer than it may be idle")
    assert waiter.poll() is None and len(place.daemons()) == 1
    place.ctl("migrate", "upgrade", "head")
    assert waiter.wait(timeout=30 * PATIENCE) == 0
    waiter.communicate()
    wait_until(lambda: not place.daemons(), "the daemon to end by itself")
    assert "nobody has used this daemon" in place.log()
    # What it left is no obstacle.
    assert place.json("migrate", "status")["state"] == "at-head"


def test_no_client_is_lost_when_it_ends(rig):
    """Clients that come while it is about to end are answered by the next one."""
    place = Place(rig, database="host=/nonexistent dbname=none")
    place.idle_exit = "4ms"
    for turn in range(40):
        assert place.json("migrate", "heads")["revisions"]
        if turn % 10 == 9:  # however fast clients follow one another here
            wait_until(lambda: not place.daemons(), "the daemon to end by itself")
    assert len(re.findall(r"wovend .* starts", place.log())) > 1


def test_stop(rig):
    place = Place(rig)
    _, err = place.ctl("daemon", "stop", expect=4)
    assert "no private wovend runs" in err and not place.daemons()
    place.ctl("migrate", "upgrade", "head")
    out, _ = place.ctl("daemon", "stop")
    assert "has ended" in out
    wait_until(lambda: not place.daemons(), "the daemon to end")
    assert place.json("migrate", "status")["state"] == "at-head"


def test_killed(rig):
    """kill -9 leaves a socket behind, on which nobody answers."""
    place = Place(rig)
    place.ctl("migrate", "upgrade", "head")
    os.kill(place.daemons()[0], signal.SIGKILL)
    wait_until(lambda: not place.daemons(), "its end")
    assert list(place.runtime.glob("woven/*.sock"))
    assert place.json("migrate", "status")["state"] == "at-head"


def test_a_fault_of_the_settings_is_shown(rig):
    place = Place(rig)
    place.write_conf(database="embedded", leader="perhaps", no_such_key=1)
    _, err = place.ctl("migrate", "status", expect=4)
    assert "did not start" in err and "no_such_key" in err and "leader" in err, err
    error = json.loads(place.ctl("--json", "migrate", "status", expect=4)[0])["error"]
    assert error["code"] == "NO_DAEMON" and "no_such_key" in error["detail"]
    assert str(place.state) in error["hint"]
    place.write_conf(database="embedded")
    assert place.json("migrate", "status")["database"]["reachable"]


def test_a_named_socket_starts_none(rig):
    place = Place(rig)
    place.ctl("--socket", str(rig.folder / "none.sock"), "migrate", "status", expect=4)
    place.ctl("migrate", "status", expect=4, env={"WOVEN_SOCKET": str(rig.folder / "none.sock")})
    assert not place.daemons()


def test_the_hosts_own_settings_start_none(rig):
    """What lies under /etc is for the service."""
    place = Place(rig)
    folder = pathlib.Path("/etc/woven-test-on-demand")
    if os.geteuid() != 0:
        pytest.skip("needs root, to write below /etc")
    folder.mkdir()
    rig.defer(folder.rmdir)
    (folder / "woven.conf").write_text(place.conf.read_text())
    rig.defer((folder / "woven.conf").unlink)
    _, err = place.ctl("migrate", "status", cwd=folder, expect=4)
    assert "/run/woven/wovend.sock" in err
    link = rig.folder / "link"
    link.mkdir()
    (link / "woven.conf").symlink_to(folder / "woven.conf")
    place.ctl("migrate", "status", cwd=link, expect=4)


def test_settings_of_others_are_not_obeyed(rig):
    place = Place(rig)
    place.conf.chmod(0o666)
    _, err = place.ctl("migrate", "status", expect=6)
    assert "it may be written by everybody" in err
    place.conf.chmod(0o644)
    place.folder.chmod(0o777)
    _, err = place.ctl("migrate", "status", expect=6)
    assert "its folder may be written by everybody" in err, "models and versions could be anybody's"
    place.folder.chmod(0o755)
    if os.geteuid() == 0:
        place.conf.chmod(0o644)
        os.chown(place.conf, 65534, 65534)
        _, err = place.ctl("migrate", "status", expect=6)
        assert "it belongs to another user" in err
        os.chown(place.conf, 0, 0)
        os.chown(place.folder, 65534, 65534)
        _, err = place.ctl("migrate", "status", expect=6)
        assert "its folder belongs to another user" in err
        os.chown(place.folder, 0, 0)
    assert not place.daemons()


def test_without_a_runtime_folder(rig):
    """Then it is a folder in /tmp, if that is ours alone."""
    place = Place(rig)
    long = rig.folder / ("long" * 20)
    long.mkdir(mode=0o700)
    shared = rig.folder / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    for runtime in (long, shared, rig.folder / "missing"):
        status = place.json("migrate", "status", env={"XDG_RUNTIME_DIR": str(runtime)})
        assert status["project"] == "woven"
        assert not list(runtime.glob("*"))
    assert len(place.daemons()) == 1
    folder = pathlib.Path(f"/tmp/woven-{os.geteuid()}")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_it_inherits(rig):
    """A session and a folder of its own, its log as output, and no descriptor of ours."""
    place = Place(rig)
    place.ctl("migrate", "status", env={"NOTIFY_SOCKET": "/nonexistent", "LISTEN_FDS": "3"})
    pid = place.daemons()[0]
    process = pathlib.Path(f"/proc/{pid}")
    assert os.readlink(process / "cwd") == "/"
    assert os.getsid(pid) == pid
    assert os.readlink(process / "fd/1") == os.readlink(process / "fd/2")
    assert os.readlink(process / "fd/2").startswith(str(place.state))
    assert os.path.samefile(process / "exe", WOVEND)


def test_an_unknown_project_name(rig):
    place = Place(rig)
    _, err = place.ctl("--project", "other", "migrate", "status", expect=2)
    assert "other" in err


def test_settings_that_were_edited_are_read_again(rig):
    place = Place(rig)
    assert place.json("migrate", "status")["project"] == "woven"
    pids = place.daemons()
    place.write_conf(database="embedded", project="other", log_level="debug")
    out, err = place.ctl("migrate", "status")
    assert "other" in out and "has changed" in err, err
    _, err = place.ctl("migrate", "status")
    assert err == ""
    place.write_conf(database="embedded", no_such_key="x", log_level="debug")
    _, err = place.ctl("migrate", "plan", expect=1)
    assert "no_such_key" in err and f"{place.conf}:2" in err, err
    place.ctl("daemon", "status")  # which is about the daemon as it is
    place.write_conf(database="embedded", log_level="debug")
    assert place.json("migrate", "status")["project"] == "woven"
    assert place.daemons() == pids


def sleeping_upgrade(place):
    place.project.add("SELECT pg_sleep(300);", "", up_options="statement_timeout=600s")
    place.ctl("migrate", "status")
    upgrade = place.start("migrate", "upgrade", "head")
    wait_until(lambda: (place.json("daemon", "status")["job"] or {}).get("step"), "the step to run")
    return upgrade


def test_what_runs_is_asked_about_and_cancelled_with_faults_in_the_settings(rig):
    place = Place(rig)
    upgrade = sleeping_upgrade(place)
    place.write_conf(database="embedded", no_such_key="x", log_level="debug")
    out, err = place.ctl("--json", "migrate", "status")
    assert json.loads(out)["job"] and "is not taken" in err and f"{place.conf}:2" in err, err
    for refused in (("migrate", "plan"), ("run-locked", "--", "true")):
        _, err = place.ctl(*refused, expect=1)
        assert "no_such_key" in err and "is not taken" not in err, err
    for waiting in ("wait", "watch"):
        _, err = place.ctl("--timeout", "2s", "migrate", waiting, expect=5)
        assert "is not taken" in err, err
    _, err = place.ctl("migrate", "cancel")
    assert "is not taken" in err and "no_such_key" in err, err
    upgrade.communicate(timeout=60 * PATIENCE)
    assert upgrade.returncode == 7, "it was cancelled"


def test_whoever_may_not_have_them_read_again_keeps_his_daemon(rig):
    place = Place(rig)
    limited = place.conf.read_text() + 'access { admin = { "nobody" } }\n'
    place.conf.write_text(limited)
    place.ctl("migrate", "status")
    place.conf.write_text(limited + "# edited\n")
    out, err = place.ctl("--json", "migrate", "upgrade", "head")
    assert json.loads(out)["outcome"] == "done"
    assert f"uid {os.geteuid()} may not have it read again" in err, err


def test_a_file_that_an_editor_has_emptied_is_not_taken(rig):
    place = Place(rig)
    before = place.conf.read_text()
    place.ctl("migrate", "upgrade", "head")
    for emptied in ("", "# nothing\n\n"):
        place.conf.write_text(emptied)
        _, err = place.ctl("migrate", "plan", expect=1)
        assert "had settings, and has none now" in err, err
        out, err = place.ctl("--json", "migrate", "status")
        assert json.loads(out)["state"] == "at-head" and "has none now" in err
    place.conf.write_text(before)
    assert place.json("migrate", "status")["state"] == "at-head"


@pytest.mark.skipif(os.geteuid() != 0, reason="as root the server is somebody else's")
def test_folders_that_the_client_makes_let_the_server_pass(rig):
    place = Place(rig)
    place.state = rig.folder / "fresh/deep/state"
    mask = os.umask(0o077)
    try:
        place.ctl("migrate", "upgrade", "head")
    finally:
        os.umask(mask)
    assert (rig.folder / "fresh").stat().st_mode & 0o777 == 0o711
