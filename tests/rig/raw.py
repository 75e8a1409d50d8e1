"""A client that speaks lines over the socket and knows nothing else."""

import contextlib
import fcntl
import json
import os
import pwd
import socket
import subprocess
import sys
import time

import pytest

from .programs import PATIENCE
from .waiting import wait_until


SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW


def sealed(text, seals=SEALS, size=0):
    """A text as the daemon takes it; closed with the program."""
    memory = os.memfd_create("text", os.MFD_ALLOW_SEALING)
    os.write(memory, text.encode())
    os.truncate(memory, max(size, len(text.encode())))
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, seals)
    return memory


class RawClient:
    def __init__(self, path, seconds=20.0):
        self.seconds = seconds * PATIENCE
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(self.seconds)
        self.connect(str(path))
        self.buffer = b""
        self.events = []
        self.next_id = 0

    def connect(self, path):
        """A full backlog refuses whoever has a time limit at once, instead of letting him wait."""
        def is_accepted():
            with contextlib.suppress(BlockingIOError):
                self.socket.connect(path)
                return True

        wait_until(is_accepted, f"room in the backlog of {path}", self.seconds / PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send_bytes(self, data):
        self.socket.sendall(data)

    def send(self, message):
        self.send_bytes(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def request(self, method, **params):
        """Sends a request and returns its id."""
        self.next_id += 1
        self.send({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params})
        return self.next_id

    def request_with(self, texts, method, **params):
        """The same with descriptors."""
        self.next_id += 1
        line = json.dumps({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params})
        socket.send_fds(self.socket, [line.encode() + b"\n"], texts)
        return self.next_id

    def line(self):
        """The next line, or None when the daemon closed the connection."""
        deadline = time.monotonic() + self.seconds
        while b"\n" not in self.buffer:
            self.socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def receive(self):
        line = self.line()
        return None if line is None else json.loads(line)

    def answer(self, request):
        """The response to that request; notifications on the way are kept in `events`."""
        while True:
            message = self.receive()
            if message is None:
                raise AssertionError("the daemon closed the connection without an answer")
            if "method" in message:
                self.events.append(message["params"])
            elif message.get("id") == request:
                return message

    def call(self, method, **params):
        """The result, or an AssertionError with the error."""
        message = self.answer(self.request(method, **params))
        if "error" in message:
            raise AssertionError(f"{method}: {message['error']}")
        return message["result"]

    def refused(self, method, **params):
        """The error's data."""
        message = self.answer(self.request(method, **params))
        assert "error" in message, message
        return message["error"]["data"]

    def wait_event(self, name):
        """The first notification of that name, also among those that came already."""
        for event in self.events:
            if event["event"] == name:
                return event
        while True:
            message = self.receive()
            assert message is not None, f"closed before the event {name}"
            assert "method" in message, f"answered before the event {name}: {message}"
            self.events.append(message["params"])
            if message["params"]["event"] == name:
                return message["params"]

    def closed(self):
        """Whether the daemon closes; what it still sends is dropped."""
        while self.line() is not None:
            pass
        return True


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root to speak as another user")


def as_nobody(daemon, script, groups=()):
    """Runs Python with `client` connected by user nobody."""
    nobody = pwd.getpwnam("nobody")
    code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
            "from rig.raw import RawClient\nimport json\n"
            "client = RawClient(sys.argv[2])\n" + script)
    tests = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return subprocess.run(
        [sys.executable, "-c", code, tests, str(daemon.socket)], check=True, text=True,
        capture_output=True, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=groups,
        env={"PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}).stdout.strip()
