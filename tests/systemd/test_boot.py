"""Woven under a systemd that really booted: its own units, settings and user, as installed.

One boot serves all cases; each begins as after the installation, with an empty database.
"""

import json
import os
import re
import signal
import stat

import pytest

from machine import CannotBoot, missing_means
from rig.daemon import BAD_IN_LOG
from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.waiting import wait_until
from woven_machine import SETTINGS, WovenMachine

EXAMPLE = "/usr/share/doc/woven/examples/app-migrate.conf"
SOCKET = "/run/woven/wovend.sock"


@pytest.fixture(scope="module", name="booted")
def _booted(tmp_path_factory):
    why_not = missing_means()
    if why_not is not None:
        pytest.skip(f"no systemd can be booted: {why_not}")
    machine = WovenMachine(tmp_path_factory.mktemp("boot"))
    try:
        machine.start()
        yield machine.install()
    except CannotBoot as error:
        pytest.skip(f"no systemd can be booted: {error}")
    finally:
        machine.stop()


FAILED = pytest.StashKey()


@pytest.fixture(name="machine")
def _machine(booted, request):
    booted.reset()
    cursor = booted.cursor()
    yield booted
    journal = booted.run("journalctl", "--quiet", "--no-pager", f"--after-cursor={cursor}").out
    if request.node.stash.get(FAILED, False):
        print(journal)
    bad = BAD_IN_LOG.search(journal)
    assert bad is None, bad.group(0)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    item.stash[FAILED] = outcome.get_result().failed


def gated(machine, before=0, after=1):
    """A project with a step that stands at a gate; returns it and that step's revision."""
    project = machine.project()
    project.add(GATE_TABLE + ";", "DROP TABLE gate;")
    project.add_tables(before)
    at_gate = project.add(WAIT_AT_GATE + ";\nCREATE TABLE behind ();", "DROP TABLE behind;")
    project.add_tables(after)
    return project, at_gate


# The installation.

def test_user_group_and_places(machine):
    """sysusers.d and tmpfiles.d by the real tools; wovend can read its settings, others cannot."""
    assert "woven" in machine.run("id", "--name", "--groups", "woven").out.split()
    for path, kind, mode, owner, group in [
            ("/run/woven", stat.S_ISDIR, 0o755, "root", "woven"),
            ("/etc/woven", stat.S_ISDIR, 0o750, "root", "woven"),
            (SETTINGS, stat.S_ISREG, 0o640, "root", "woven"),
            (SOCKET, stat.S_ISSOCK, 0o660, "root", "woven")]:
        found = os.stat(machine.path(path))
        assert kind(found.st_mode) and stat.S_IMODE(found.st_mode) == mode, (path, found)
        names = machine.run("stat", "--format=%U %G", path).ok().out.split()
        assert names == [owner, group], path
    assert machine.run("cat", SETTINGS, user="woven").status == 0
    assert machine.run("cat", SETTINGS, user="bob").status != 0
    machine.run("wovend", "--check").ok()
    units = ["wovend.socket", "wovend.service"]
    machine.run("systemctl", "enable", "--now", *units).ok()
    assert machine.run("systemctl", "is-enabled", *units).out.split() == ["enabled"] * 2
    assert machine.run("systemctl", "is-active", *units).out.split() == ["active"] * 2
    machine.run("systemctl", "disable", *units).ok()
    assert machine.run("systemctl", "--failed", "--plain", "--no-legend").out == ""


# Socket activation.

def test_first_client_starts_the_daemon(machine):
    assert machine.state("wovend.socket") == "active/listening"
    assert machine.state("wovend.service") == "inactive/dead"
    ping = machine.ctl("--json", "daemon", "ping").ok().json
    assert machine.state("wovend.service") == "active/running"
    assert ping["pid"] == machine.main_pid()
    # The whole of Woven's own history, by the settings that are shipped.
    machine.ctl("migrate", "upgrade", "head").ok()
    status = machine.status()
    assert status["state"] == "at-head" and status["role"] == "leader"
    assert len(machine.history()) == len(list(machine.path(
        "/usr/share/woven/migrations/versions").glob("*.sql")))
    assert machine.show("wovend.service", "StatusText").startswith("leader")
    assert "users" in machine.database.tables(), "by the role woven, and not in the schema woven"
    # Where the version table stands does not depend on when the ledger was made.
    machine.run("systemctl", "restart", "wovend").ok()
    wait_until(lambda: machine.status()["state"] == "at-head", "the same after a restart")


def test_ready_although_the_database_is_down(machine):
    machine.run("systemctl", "stop", "postgresql").ok()
    machine.run("systemctl", "start", "wovend").ok()
    assert machine.state("wovend.service") == "active/running"
    wait_until(lambda: "unreachable" in machine.show("wovend.service", "StatusText"), "STATUS=")
    status = machine.ctl("--json", "migrate", "status")
    assert status.json["state"] == "unreachable", status
    machine.run("systemctl", "start", "postgresql").ok()
    machine.ctl("--timeout", "30s", "migrate", "upgrade", "head").ok()


# Applications.

def begins(machine, unit):
    """When its ExecStart began: since 1970 and since the boot, in microseconds; None before it."""
    values = machine.show(unit, "ExecMainStartTimestampMonotonic", "InvocationID")
    if values["ExecMainStartTimestampMonotonic"] == "0":
        return None
    said = wait_until(lambda: machine.journal(f"_SYSTEMD_INVOCATION_ID={values['InvocationID']}",
                                              "--grep=begins$"), f"{unit} to say that it begins")
    return int(said[0]["__REALTIME_TIMESTAMP"]), int(said[0]["__MONOTONIC_TIMESTAMP"])


def test_applications_start_behind_one_migration(machine):
    project, at_gate = gated(machine, before=1, after=2)
    machine.use(project)
    # Two migrate themselves, one as a static and one as a dynamic user; one orders itself behind
    # the schema, one asks for it.
    wait = "Requires=woven-wait@head.service\nAfter=woven-wait@head.service\n"
    migrating = [machine.application("shop", "User=shop", drop_in=EXAMPLE),
                 machine.application("stock", "DynamicUser=yes", drop_in=EXAMPLE)]
    waiting = [machine.application("report", "User=stock", unit_lines=wait),
               machine.application(
                   "mail", "User=stock\nSupplementaryGroups=woven\n"
                   "ExecStartPre=/usr/bin/wovenctl --timeout 2min migrate wait head")]
    cursor = machine.cursor()
    start = machine.begin("systemctl", "start", *migrating, *waiting)
    machine.wait_step(at_gate)
    for unit in [*migrating, waiting[1]]:
        machine.wait_state(unit, "activating/start-pre")
    machine.wait_state("woven-wait@head.service", "activating/start")
    machine.wait_state(waiting[0], "inactive/dead")
    assert [begins(machine, unit) for unit in migrating + waiting] == [None] * 4
    open_gate(machine.database)
    _, errors = start.communicate(timeout=60)
    assert start.returncode == 0, errors

    history = machine.history()
    assert [row[:2] for row in history] == [(revision, "done") for revision in project.ids]
    (unit,), = machine.database.run("SELECT DISTINCT unit FROM woven.history")
    assert unit in migrating
    applied = max(row[2] for row in history)
    entries = machine.journal(f"--after-cursor={cursor}", "--unit=wovend.service")
    done = next(int(entry["__MONOTONIC_TIMESTAMP"]) for entry in entries
                if re.search(r"jobs: job \d+: done", entry["MESSAGE"]))
    for unit in migrating + waiting:
        machine.wait_state(unit, "active/running")
        since_1970, since_boot = begins(machine, unit)
        assert since_1970 > applied, unit
        assert since_boot > done, unit
    # Who asks again finds nothing to do.
    machine.run("systemctl", "restart", *migrating).ok()
    assert len(machine.history()) == len(project.ids)


def test_application_does_not_start_without_its_schema(machine):
    project = machine.project()
    broken = project.add("CREATE TABLE t ();\nSELECT nonsense();")
    machine.use(project)
    unit = machine.application("shop", "User=shop", drop_in=EXAMPLE)
    assert machine.run("systemctl", "start", unit).status == 1
    assert machine.state(unit) == "failed/failed"
    assert begins(machine, unit) is None
    said = machine.journal_text(unit)
    assert "nonsense" in said and "42883" in said and f"{broken}_" in said, said
    assert machine.database.tables() == []


# The watchdog.

def test_watchdog_restarts_a_daemon_that_hangs(machine):
    project, at_gate = gated(machine)
    machine.use(project)
    machine.drop_in("watchdog", "[Service]\nWatchdogSec=2s\nRestartSec=100ms\n")
    wait = f"Requires=woven-wait@{at_gate}.service\nAfter=woven-wait@{at_gate}.service\n"
    waiting = machine.application("report", "User=stock", unit_lines=wait)
    migrating = machine.application("shop", "User=shop\nRestart=on-failure\nRestartSec=100ms",
                                    drop_in=EXAMPLE)
    machine.run("systemctl", "start", "--no-block", waiting, migrating).ok()
    machine.wait_step(at_gate)
    machine.wait_state(f"woven-wait@{at_gate}.service", "activating/start")
    first = machine.main_pid()
    os.kill(machine.outer_pid(first), signal.SIGSTOP)
    wait_until(lambda: machine.main_pid() not in (0, first), "another wovend", 20)
    assert machine.journal("--unit=wovend.service", "--grep=watchdog timeout", "--case-sensitive=no")
    assert int(machine.show("wovend.service", "NRestarts")) == 1
    assert machine.ctl("--json", "daemon", "ping").ok().json["pid"] == machine.main_pid()
    machine.wait_step(at_gate)
    open_gate(machine.database)
    machine.wait_state(migrating, "active/running")
    machine.wait_state(waiting, "active/running")
    assert [row[:2] for row in machine.history()] == [(name, "done") for name in project.ids]


# Reload.

def test_reload_takes_good_settings_and_keeps_from_bad_ones(machine):
    project = machine.project()
    project.add_tables(1)
    machine.ctl("migrate", "upgrade", "head", user="alice").ok()
    pid = machine.main_pid()
    machine.use(access={"migrate": ["root"], "admin": ["root", "woven"]})
    machine.run("systemctl", "reload", "wovend").ok()
    assert machine.ctl("migrate", "downgrade", "-1", user="alice").status == 6

    cursor = machine.cursor()
    machine.use(access={"migrate": ["root", "@woven"]}, timeouts={"lock": "soon"})
    assert machine.run("systemctl", "reload", "wovend").status != 0
    assert machine.state("wovend.service") == "active/running"
    assert machine.show("wovend.service", "ReloadResult") != "success"
    said = "\n".join(entry["MESSAGE"] for entry in
                     machine.journal(f"--after-cursor={cursor}", "--unit=wovend.service"))
    assert re.search(rf"{SETTINGS}:\d+: lock: needs a duration", said), said
    assert machine.ctl("migrate", "downgrade", "-1", user="alice").status == 6

    machine.use()
    machine.run("systemctl", "reload", "wovend").ok()
    machine.ctl("migrate", "downgrade", "-1", user="alice").ok()
    assert machine.main_pid() == pid


# Stopping.

def nothing_left_locked(database):
    assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    assert database.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'woven'") == 0


def stop_in_the_middle(machine, at_gate):
    """Begins to stop wovend while a job is at the gate; returns the job's client and the stop."""
    client = machine.begin("wovenctl", "--json", "migrate", "upgrade", "head")
    machine.wait_step(at_gate)
    stop = machine.begin("systemctl", "stop", "wovend.socket", "wovend.service")
    machine.wait_state("wovend.service", "deactivating/stop-sigterm")
    return client, stop


def stopped(machine, client, stop):
    """What the job's client was told."""
    _, errors = stop.communicate(timeout=120)
    assert stop.returncode == 0, errors
    values = machine.show("wovend.service", "ActiveState", "Result", "ExecMainStatus")
    assert values == {"ActiveState": "inactive", "Result": "success", "ExecMainStatus": "0"}
    nothing_left_locked(machine.database)
    out, _ = client.communicate(timeout=60)
    return json.loads(out)


def test_stop_lets_a_job_end_in_its_grace_time(machine):
    project, at_gate = gated(machine, after=0)
    machine.use(project)
    client, stop = stop_in_the_middle(machine, at_gate)
    open_gate(machine.database)
    assert stopped(machine, client, stop)["outcome"] == "done"
    assert client.returncode == 0
    assert machine.database.heads() == [at_gate]


def test_stop_rolls_back_what_takes_longer(machine):
    project, at_gate = gated(machine)
    machine.use(project, timeouts={"grace": "500ms"})
    client, stop = stop_in_the_middle(machine, at_gate)
    assert stopped(machine, client, stop)["outcome"] == "cancelled"
    assert machine.database.heads() == [project.ids[0]]
    assert machine.database.tables() == ["gate"]
    # And afterwards it goes on.
    open_gate(machine.database)
    machine.run("systemctl", "start", "wovend").ok()
    machine.ctl("migrate", "upgrade", "head").ok()
    assert machine.database.heads() == [project.ids[-1]]


def test_restart_is_outlived_by_who_waits(machine):
    """An update of the daemon in the middle of a deployment."""
    project, at_gate = gated(machine, after=0)
    machine.use(project, timeouts={"grace": "500ms"})
    wait = "Requires=woven-wait@head.service\nAfter=woven-wait@head.service\n"
    waiting = machine.application("report", "User=stock", unit_lines=wait)
    migrating = machine.application("shop", "User=shop\nRestart=on-failure\nRestartSec=100ms",
                                    drop_in=EXAMPLE)
    machine.run("systemctl", "start", "--no-block", waiting, migrating).ok()
    machine.wait_step(at_gate)
    machine.wait_state("woven-wait@head.service", "activating/start")
    first = machine.main_pid()
    machine.run("systemctl", "restart", "wovend").ok()
    assert machine.main_pid() != first
    assert machine.show("wovend.service", "NRestarts") == "0"
    machine.wait_step(at_gate)
    open_gate(machine.database)
    for unit in (migrating, waiting):
        machine.wait_state(unit, "active/running")
    ends = [row[:2] for row in machine.history()]
    assert ends == [(project.ids[0], "done"), (at_gate, "cancelled"), (at_gate, "done")]
    assert int(machine.show(migrating, "NRestarts")) >= 1
    assert machine.show("woven-wait@head.service", "NRestarts") == "0"


def test_who_waits_starts_a_stopped_daemon_again(machine):
    """Unless its socket is stopped, too."""
    project, at_gate = gated(machine)
    machine.use(project)
    machine.run("systemctl", "start", "--no-block", f"woven-wait@{at_gate}.service").ok()
    wait_until(lambda: machine.main_pid() != 0, "the daemon to be asked for")
    first = machine.main_pid()
    machine.wait_state("wovend.service", "active/running")
    machine.run("systemctl", "stop", "wovend.service").ok()
    wait_until(lambda: machine.main_pid() not in (0, first), "the next one")
    machine.wait_state("wovend.service", "active/running")
    machine.run("systemctl", "stop", "wovend.socket", "wovend.service").ok()
    # It needs the socket and goes with it, not having seen what it waited for.
    machine.wait_state(f"woven-wait@{at_gate}.service", "failed/failed")
    assert machine.state("wovend.service") == "inactive/dead"


# Passwords.

PASSWORD = "fjord-7-Kestrel"


def test_password_as_a_credential(machine):
    """By LoadCredential= as the shipped unit shows it; and it is to be seen nowhere."""
    machine.sql("DROP ROLE IF EXISTS woven_remote")
    machine.sql(f"CREATE ROLE woven_remote LOGIN PASSWORD '{PASSWORD}' IN ROLE woven")
    machine.write("/etc/woven/pgpass", f"*:*:*:woven_remote:{PASSWORD}\n")
    machine.path("/etc/woven/pgpass").chmod(0o600)
    shipped = machine.path("/usr/lib/systemd/system/wovend.service").read_text(encoding="utf-8")
    lines = re.findall(r"^#((?:LoadCredential|Environment)=.*)$", shipped, re.M)
    assert len(lines) == 2
    cursor = machine.cursor()
    machine.use(database="dbname=woven user=woven_remote", log_level="debug")
    machine.run("systemctl", "start", "wovend").ok()
    wait_until(lambda: machine.status()["state"] == "unreachable", "no password, no database")
    machine.drop_in("password", "\n".join(["[Service]", *lines]))
    machine.run("systemctl", "restart", "wovend").ok()
    machine.ctl("--timeout", "30s", "migrate", "upgrade", "head").ok()
    users = machine.database.run("SELECT DISTINCT usename FROM pg_stat_activity "
                                 "WHERE application_name LIKE 'wovend%%'")
    assert users == [("woven_remote",)]

    places = {"journal": machine.run("journalctl", "--output=export", f"--after-cursor={cursor}").out,
              "status": machine.run("systemctl", "status", "--full", "wovend").out,
              "unit": machine.run("systemctl", "show", "wovend").out,
              "answers": machine.ctl("--json", "migrate", "status").out}
    for name in ("cmdline", "environ"):
        for path in machine.path("/proc").glob(f"[0-9]*/{name}"):
            try:
                places[str(path)] = path.read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                pass
    assert [name for name, text in places.items() if PASSWORD in text] == []
    assert "no password supplied" in places["journal"]


# The sandbox.

def test_group_opens_the_socket_and_the_kernel_says_who(machine):
    project = machine.project()
    project.add_tables(1)
    machine.use(project)
    bob = machine.ctl("migrate", "status", user="bob")
    assert bob.status == 4 and "group" in bob.err, bob
    assert machine.state("wovend.service") == "inactive/dead"
    assert machine.ctl("--json", "migrate", "status", user="alice").ok().json["pending"]
    assert machine.ctl("daemon", "reload", user="alice").status == 6
    machine.ctl("migrate", "upgrade", "head", user="alice").ok()
    alice = int(machine.run("id", "--user", "alice").out)
    assert machine.database.run("SELECT unix_user, uid FROM woven.history") == [("alice", alice)]


def test_sandbox_is_on(machine):
    machine.ctl("daemon", "ping").ok()
    pid = machine.outer_pid(machine.main_pid())
    with open(f"/proc/{pid}/status", encoding="utf-8") as text:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in text if ":\t" in line)
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", status
    assert [int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb")] == [0] * 4
    woven = machine.run("id", "--user", "woven").out.strip()
    assert set(status["Uid"].split()) == {woven}
    with open(f"/proc/{pid}/mountinfo", encoding="utf-8") as text:
        root = next(line.split() for line in text if line.split()[4] == "/")
    assert "ro" in root[5].split(",")
