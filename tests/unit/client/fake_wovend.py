"""A scripted daemon on a Unix socket, and a runner of wovenctl, for the tests of the client.

A script is a function script(peer) that reads requests and writes lines as it likes.
"""
import contextlib
import json
import os
import pty
import select
import socket
import subprocess
import tempfile
import threading

WOVENCTL = os.environ.get("WOVENCTL", "wovenctl")
WAIT = 20


class Peer:
    """One connection as the daemon sees it."""

    def __init__(self, sock):
        self.sock = sock
        self.file = sock.makefile("rb")

    def read(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def raw(self, data):
        self.sock.sendall(data)

    def send(self, message):
        self.raw(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def result(self, request, result):
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result})

    def error(self, request, word, message, number=-32000, **more):
        data = {"code": word, "message": message, **more}
        id_ = request["id"] if request else None
        self.send({"jsonrpc": "2.0", "id": id_,
                   "error": {"code": number, "message": message, "data": data}})

    def event(self, event, job=7, **more):
        self.send({"jsonrpc": "2.0", "method": "job",
                   "params": {"job": job, "event": event, **more}})


class Daemon:
    def __init__(self, script):
        self.folder = tempfile.TemporaryDirectory(prefix="wv-client-")
        self.path = os.path.join(self.folder.name, "s")
        self.script = script
        self.failure = None
        self.requests = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.path)
        self.listener.listen(8)
        self.listener.settimeout(WAIT)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            sock, _ = self.listener.accept()
            sock.settimeout(WAIT)
            peer = Peer(sock)
            read = peer.read

            def noting():
                request = read()
                if request is not None:
                    self.requests.append(request)
                return request

            peer.read = noting
            self.script(peer)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            peer.file.close()
            sock.close()
        except TimeoutError as failure:
            self.failure = failure
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client left: what it did is checked on its side
        except Exception as failure:  # noqa: BLE001 - told to the test by close()
            self.failure = failure

    def close(self, check=True):
        self.thread.join(WAIT)
        self.listener.close()
        self.folder.cleanup()
        if check and self.failure:
            raise self.failure


@contextlib.contextmanager
def daemon(script):
    fake = Daemon(script)
    try:
        yield fake
    except BaseException:
        fake.close(check=False)
        raise
    fake.close()


def answer(result):
    """A script that answers each request with `result`."""
    def script(peer):
        while (request := peer.read()) is not None:
            peer.result(request, result)
    return script


def environment(**more):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "WOVEN_SOCKET")}
    env.update(TERM="xterm")
    env.update(more)
    return env


def start(*args, socket_path=None, **options):
    command = [WOVENCTL, *(["--socket", socket_path] if socket_path else []), *args]
    options.setdefault("env", environment())
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options)


def check_sanitizer(text):
    """A sanitizer ends a program with a status that is one of ours: look at what it says."""
    assert "Sanitizer" not in text and "runtime error:" not in text, text


def finish(process):
    out, err = process.communicate(timeout=WAIT)
    check_sanitizer(err)
    return process.returncode, out, err


def run(*args, **options):
    return finish(start(*args, **options))


class Terminal:
    """wovenctl with a terminal as its standard error (and output)."""

    def __init__(self, *args, socket_path, columns=100, **env):
        self.master, slave = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [WOVENCTL, "--socket", socket_path, *args], stdin=subprocess.DEVNULL, stdout=slave,
            stderr=slave, env=environment(**env))
        os.close(slave)
        self.text = ""

    def read(self, wait):
        """Reads what comes within `wait` seconds; False at the end."""
        ready, _, _ = select.select([self.master], [], [], wait)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def until(self, wanted):
        """Reads until the text holds `wanted`."""
        import time
        deadline = time.monotonic() + WAIT
        while wanted not in self.text:
            assert time.monotonic() < deadline, f"no {wanted!r} in {self.text!r}"
            if not self.read(0.2) and wanted not in self.text:
                raise AssertionError(f"ended without {wanted!r}: {self.text!r}")

    def finish(self):
        while self.read(0.2):
            if self.process.poll() is not None and not self._more():
                break
        status = self.process.wait(WAIT)
        os.close(self.master)
        check_sanitizer(self.text)
        return status, self.text

    def _more(self):
        return bool(select.select([self.master], [], [], 0)[0])
