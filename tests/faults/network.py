"""A network of namespaces: the server in one, a daemon in each other one, a bridge between them.
A cut takes the daemon's cable off the bridge, so that packets vanish in silence both ways."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import subprocess

SUBNET = "10.231.77"
SERVER = f"{SUBNET}.1"
CLONE_NEWNET = 0x40000000
NAMED = pathlib.Path("/run/netns")


def _ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _enter(handle):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(handle, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _remove_remains():
    """Of runs that were killed."""
    for path in NAMED.glob("wvf*"):
        if not pathlib.Path("/proc", path.name[3:].split("-")[0]).exists():
            subprocess.run(["ip", "netns", "del", path.name], check=False, capture_output=True)


def missing():
    """Why there can be no such network here; None when there can."""
    if os.getuid() != 0:
        return "needs root"
    if shutil.which("ip") is None:
        return "needs ip (iproute2)"
    _remove_remains()
    probe = Network()
    try:
        probe.start()
        probe.add(0)
    except subprocess.CalledProcessError as error:
        return "namespaces are not allowed: " + error.stderr.strip()
    finally:
        probe.remove()
    return None


class Network:
    def __init__(self):
        self.name = f"wvf{os.getpid()}"
        self.members = {}

    def start(self):
        """The server's host, without which there is no other."""
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "add", "br0", "type", "bridge")
        _ip("-n", self.name, "addr", "add", f"{SERVER}/24", "dev", "br0")
        _ip("-n", self.name, "link", "set", "br0", "up")

    def add(self, number):
        """One more host, connected to the server's."""
        name, cable = f"{self.name}-{number}", f"v{number}"
        _ip("netns", "add", name)
        self.members[number] = name
        _ip("-n", self.name, "link", "add", cable, "type", "veth", "peer", "name", "eth0",
            "netns", name)
        _ip("-n", self.name, "link", "set", cable, "master", "br0")
        _ip("-n", self.name, "link", "set", cable, "up")
        _ip("-n", name, "addr", "add", f"{SUBNET}.{number + 10}/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")

    def cut(self, number):
        _ip("-n", self.name, "link", "set", f"v{number}", "nomaster")

    def heal(self, number):
        _ip("-n", self.name, "link", "set", f"v{number}", "master", "br0")

    @contextlib.contextmanager
    def inside(self, number=None):
        """What this thread starts in the block lives in that host; None is the server's."""
        name = self.name if number is None else self.members[number]
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(NAMED / name, os.O_RDONLY)
        try:
            _enter(there)
            yield
        finally:
            _enter(before)
            os.close(there)
            os.close(before)

    def remove(self):
        for name in [*self.members.values(), self.name]:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        self.members = {}
