"""Socket activation and the notifications of sd_notify(3), without systemd's library."""

import os
import re
import signal
import socket

import pytest

from rig.waiting import wait_until


class NotifySocket:
    """Receives what a service manager would."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.messages = []

    def fields(self):
        try:
            while True:
                self.messages += self.socket.recv(8192).decode().splitlines()
        except BlockingIOError:
            return self.messages

    def wait(self, pattern):
        return wait_until(lambda: next((re.match(pattern, line) for line in self.fields()
                                        if re.match(pattern, line)), None),
                          f"{pattern} among {self.messages}")


@pytest.fixture(name="notify")
def _notify(rig):
    notify = NotifySocket(rig.folder)
    rig.defer(notify.socket.close)
    return notify


def make(rig):
    project = rig.project()
    project.add_tables(1)
    return project, rig.database()


def test_ready_status_reloading_stopping(rig, notify):
    project, database = make(rig)
    daemon = rig.daemon(project, database, env={"NOTIFY_SOCKET": notify.path})
    notify.wait("READY=1")
    notify.wait("STATUS=.*leader")
    seen = notify.fields().count("READY=1")
    daemon.signal(signal.SIGHUP)
    notify.wait("RELOADING=1")
    notify.wait("MONOTONIC_USEC=[0-9]+")
    wait_until(lambda: notify.fields().count("READY=1") > seen, "READY=1 after the reload")
    daemon.stop()
    notify.wait("STOPPING=1")


def test_ready_does_not_need_the_database(rig, notify, tmp_path):
    project, _ = make(rig)
    rig.daemon(project, f"host={tmp_path} user=postgres", env={"NOTIFY_SOCKET": notify.path})
    notify.wait("READY=1")
    notify.wait("STATUS=.*unreachable")


def test_the_status_of_several_projects(rig, notify, tmp_path):
    project, database = make(rig)
    rig.daemon(project, database, env={"NOTIFY_SOCKET": notify.path}, settings={
        'database "crm"': {"database": f"host={tmp_path} user=postgres"}})
    notify.wait(r"STATUS=woven: leader \| crm: unreachable: ")


def test_abstract_notify_socket(rig):
    project, database = make(rig)
    name = f"woven-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0" + name)
        receiver.settimeout(20)
        rig.daemon(project, database, env={"NOTIFY_SOCKET": "@" + name})
        assert "READY=1" in receiver.recv(4096).decode()


def test_watchdog_is_fed_while_the_loop_turns(rig, notify):
    project, database = make(rig)
    daemon = rig.daemon(project, database,
                        env={"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "400000"})
    wait_until(lambda: notify.fields().count("WATCHDOG=1") >= 3, "three signs of life")
    daemon.signal(signal.SIGSTOP)
    try:
        wait_until(lambda: in_state(daemon, "T"), "the process to stand still")
        before = len(notify.fields())
        with pytest.raises(AssertionError):
            wait_until(lambda: len(notify.fields()) > before, "a sign of life", 0.3)
    finally:
        daemon.signal(signal.SIGCONT)
    wait_until(lambda: len(notify.fields()) > before, "the next sign of life")


def in_state(daemon, letter):
    with open(f"/proc/{daemon.process.pid}/stat", encoding="ascii") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == letter


def test_socket_activation_by_systemd(rig):
    """systemd's own tool makes the socket and starts the daemon at the first connection."""
    project, database = make(rig)
    daemon = rig.daemon(project, database, start=False)
    # The settings name another path: the socket that is passed wins.
    daemon.write_conf(socket=str(rig.folder / "unused.sock"))
    daemon.launch(prefix=["systemd-socket-activate", f"--listen={daemon.socket}"])
    wait_until(daemon.answers, "the daemon behind the socket")
    assert daemon.call("daemon.ping")["pid"] == daemon.process.pid
    assert not (rig.folder / "unused.sock").exists()
    daemon.wait_role("leader")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    daemon.stop()
    assert daemon.socket.exists(), "the socket is the service manager's to remove"


def test_descriptors_for_another_process_are_not_taken(rig):
    project, database = make(rig)
    daemon = rig.daemon(project, database, env={"LISTEN_FDS": "1", "LISTEN_PID": "1"})
    daemon.wait_role("leader")


def test_journal_priorities(rig):
    project, database = make(rig)
    daemon = rig.daemon(project, database, env={"JOURNAL_STREAM": journal_stream(rig)},
                        start=False)
    daemon.log.touch()
    stat = daemon.log.stat()
    daemon.env["JOURNAL_STREAM"] = f"{stat.st_dev}:{stat.st_ino}"
    daemon.start()
    daemon.wait_role("leader")
    lines = daemon.log_text().splitlines()
    assert lines and all(re.match(r"<[3-7]>", line) for line in lines), lines[:5]


def journal_stream(rig):
    stat = rig.folder.stat()
    return f"{stat.st_dev}:{stat.st_ino}"
