"""wovend under test, and wovenctl against it."""

import contextlib
import json
import os
import re
import signal
import subprocess

from .programs import PATIENCE, WOVENCTL, WOVEND, clean_environment
from .project import settings_text
from .raw import RawClient
from .waiting import wait_until

# What no log may hold: a sanitizer's report, or the program's own word for a broken promise.
BAD_IN_LOG = re.compile(
    r"(AddressSanitizer|ThreadSanitizer|LeakSanitizer|runtime error:|\bBUG\b|Assertion).*")

# The daemon's own servers, and its pg_dump, are of the version that the tests are for.
CHOSEN = {"postgres_bin": os.environ["WV_TEST_PGBIN"]} if "WV_TEST_PGBIN" in os.environ else {}


class Result:
    """What a program printed and how it ended."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return self.json["error"]

    def __repr__(self):
        return f"<status {self.status}\nout: {self.out}\nerr: {self.err}>"


class Daemon:
    def __init__(self, project, folder, name, database, settings=None, options=(), env=None):
        self.project = project
        self.name = name
        self.socket = folder / f"{name}.sock"
        self.log = folder / f"{name}.log"
        self.conf = project.folder / f"{name}.conf"
        self.settings = {"database": database, "socket": str(self.socket), "log_level": "debug",
                         **CHOSEN, **project.settings, **(settings or {})}
        self.options = list(options)
        self.env = env or {}
        self.process = None
        self.write_conf()

    def write_conf(self, **changes):
        self.settings.update(changes)
        self.conf.write_text(settings_text(self.settings), encoding="utf-8")

    def launch(self, prefix=(), pass_fds=()):
        """Starts the program and does not wait for anything."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, WOVEND, "-c", str(self.conf), *self.options], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, pass_fds=pass_fds, env=clean_environment(**self.env))
        return self

    def start(self, **how):
        self.launch(**how)
        wait_until(self.answers, f"{self.name} to answer\n{self.log_tail()}")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended ({self.process.returncode}):\n{self.log_tail()}")
        try:
            with RawClient(self.socket) as client:
                return client.call("daemon.ping")["service"] == "wovend"
        except OSError:
            return False

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_tail(self):
        return self.log_text()[-6000:]

    @contextlib.contextmanager
    def logs(self, pattern):
        """The block, or what follows soon, writes a log line that matches."""
        start = len(self.log_text())
        yield
        wait_until(lambda: re.search(pattern, self.log_text()[start:]),
                   f"a log line of {self.name} like {pattern!r}")

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wait(self, seconds=20):
        return self.process.wait(seconds * PATIENCE)

    def stop(self):
        """SIGTERM; a clean end is part of every test."""
        if self.running:
            self.signal(signal.SIGTERM)
            status = self.wait()
            assert status == 0, f"{self.name} ended with {status}\n{self.log_tail()}"
        self.check_log()

    def check_log(self):
        bad = BAD_IN_LOG.search(self.log_text())
        assert bad is None, f"log of {self.name}: {bad.group(0)}\n{self.log_tail()}"

    def client(self):
        return RawClient(self.socket)

    def call(self, method, **params):
        with self.client() as client:
            return client.call(method, **params)

    def refused(self, method, **params):
        with self.client() as client:
            return client.refused(method, **params)

    def status(self):
        return self.call("migrate.status")

    def wait_role(self, *roles):
        return wait_until(lambda: (status := self.status())["role"] in roles and status,
                          f"{self.name} to become {' or '.join(roles)}\n{self.log_tail()}")

    def ctl_process(self, *arguments, json_output=True, **options):
        command = [WOVENCTL, "--socket", str(self.socket)]
        command += ["--json"] if json_output else []
        return subprocess.Popen(
            [*command, *arguments], text=True, stdout=subprocess.PIPE,
            **{"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": clean_environment(),
               "cwd": str(self.project.folder), **options})

    def ctl(self, *arguments, expect=0, json_output=True, seconds=60, **options):
        """Runs wovenctl; `expect` is the exit status it must have, None for any."""
        process = self.ctl_process(*arguments, json_output=json_output, **options)
        try:
            out, err = process.communicate(timeout=seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)
            out, err = process.communicate()
            raise AssertionError(f"wovenctl {arguments} does not end\n{out}{err}{self.log_tail()}") from None
        result = Result(subprocess.CompletedProcess(arguments, process.returncode, out, err))
        bad = BAD_IN_LOG.search(err)
        assert bad is None, err
        assert expect is None or result.status == expect, f"wovenctl {arguments}: {result}"
        return result

    def text(self, *arguments, **more):
        """As ctl(), for people: text and not JSON."""
        return self.ctl(*arguments, json_output=False, **more)


def run_daemon(*arguments, seconds=20, **env):
    """Runs wovend to its end: --check, --version, wrong usage."""
    done = subprocess.run([WOVEND, *map(str, arguments)], capture_output=True, text=True,
                          timeout=seconds * PATIENCE, stdin=subprocess.DEVNULL,
                          env=clean_environment(**env), check=False)
    return Result(done)


def settings_have_faults(conf, text, faults):
    """Settings of this text are refused, each fault (line, part of what is said) in a line of its own."""
    conf.write_text(text, encoding="utf-8")
    done = run_daemon("--check", "-c", conf)
    told = (done.out + done.err).splitlines()
    assert done.status == 1, done
    for line, part in faults:
        assert any(f"{conf}:{line}:" in one and part in one for one in told), (part, told)


def user_name():
    import pwd  # pylint: disable=import-outside-toplevel
    return pwd.getpwuid(os.getuid()).pw_name
