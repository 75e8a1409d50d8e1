"""The systemd unit of who asked, told from a control group that is made for the test."""

import os
import pathlib
import subprocess
import uuid

import pytest

from rig.programs import WOVENCTL, clean_environment
from rig.waiting import wait_until

# Where a version of control groups is mounted whose tree systemd would use.
TREES = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup"]


def in_group(group, *command):
    """Runs a program that is in the group from its first instruction on."""
    script = 'echo $$ > "$0" && exec "$@"'
    return subprocess.run(["/bin/sh", "-c", script, str(group / "cgroup.procs"), *command],
                          capture_output=True, text=True, env=clean_environment(), check=False)


@pytest.fixture(name="group")
def _group():
    """A group as systemd would make it for a service; what is in it may be moved by root only."""
    name = f"woven-test-{uuid.uuid4().hex[:8]}.service"
    for tree in map(pathlib.Path, TREES):
        if (tree / "cgroup.procs").exists() and os.access(tree / "cgroup.procs", os.W_OK):
            folder = tree / name
            try:
                folder.mkdir()
            except OSError:
                continue
            if not in_group(folder, "/bin/true").returncode == 0:
                folder.rmdir()
                continue
            yield folder
            wait_until(lambda: not (folder / "cgroup.procs").read_text(), "the group to be empty")
            folder.rmdir()
            return
    pytest.skip("no control group can be made here")


def ctl_in(group, daemon, *arguments):
    return in_group(group, WOVENCTL, "--socket", str(daemon.socket), *arguments)


def test_history_has_the_unit(rig, group):
    _, database, daemon = rig.simple(1)
    with daemon.logs(rf"asked for by .*\(pid \d+, {group.name}\)"):
        done = ctl_in(group, daemon, "migrate", "upgrade", "head")
    assert done.returncode == 0, done
    daemon.ctl("migrate", "downgrade", "-1")
    assert database.run("SELECT kind, unit FROM woven.history ORDER BY id")[0] == ("up", group.name)
    callers = [entry["caller"] for entry in daemon.ctl("migrate", "log").json["entries"]]
    assert callers[1]["unit"] == group.name and callers[0]["unit"] != group.name
    assert callers[1]["user"] == callers[0]["user"]
    assert f", unit {group.name}) on " in daemon.text("migrate", "log").out


def test_a_failure_has_it_too(rig, group):
    project, database, daemon = rig.simple(1)
    project.add("SELECT 1/0;")
    assert ctl_in(group, daemon, "migrate", "upgrade", "head").returncode == 1
    assert database.run("SELECT outcome, unit FROM woven.history ORDER BY id") == [
        ("done", group.name), ("failed", group.name)]


def test_a_refusal_is_logged_with_it(rig, group):
    project, database, _ = rig.simple(1)
    daemon = rig.daemon(project, database, settings={"access": {"migrate": ["4242"]}})
    with daemon.logs(rf"migrate.upgrade is refused to uid {os.getuid()}, pid \d+, unit {group.name}: "):
        assert ctl_in(group, daemon, "migrate", "upgrade", "head").returncode == 6
