"""A booted systemd, seen from outside: commands run inside of it, its units, its journal."""

import json
import os
import pathlib
import re
import shutil
import subprocess

from rig.programs import PATIENCE
from rig.waiting import wait_until

BOOT = pathlib.Path(__file__).with_name("boot")


class CannotBoot(Exception):
    """This machine cannot do it; says why."""


class Result:
    """What a command inside printed and how it ended."""

    def __init__(self, command, done):
        self.command = command
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)

    def ok(self):
        assert self.status == 0, self
        return self

    def __repr__(self):
        return f"<{' '.join(self.command)}: status {self.status}\nout: {self.out}\nerr: {self.err}>"


def missing_means():
    """Why no systemd can be booted here, or None."""
    if os.getuid() != 0:
        return "only root can boot a container"
    for program, package in {"systemd-nspawn": "systemd-container", "nsenter": "util-linux",
                             "unshare": "util-linux", "setpriv": "util-linux", "pkill": "procps",
                             "findmnt": "util-linux"}.items():
        if shutil.which(program) is None:
            return f"{program} is not installed (package {package})"
    return None


class Machine:
    """`folder` has a folder `layer`, whose files stand above those of this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "boot.log"
        self.init = None
        with open(self.log, "ab") as log:
            # A session of its own: whoever stops the tests by a signal leaves it to clean up.
            self.process = subprocess.Popen([BOOT, str(folder)], stdin=subprocess.PIPE, text=True,
                                            stdout=subprocess.PIPE, stderr=log,
                                            start_new_session=True)

    def start(self):
        """Waits until all that belongs to the boot is up."""
        top = self.process.stdout.readline()
        if not top:
            raise CannotBoot(self._tail())
        self.init = wait_until(lambda: self._find_init(int(top)), f"systemd, see {self.log}", 20)
        wait_until(self._is_up, f"the end of the boot, see {self.log}", 30)
        shutil.rmtree(self.folder / "layer")  # it has been copied
        return self

    def _tail(self):
        return self.log.read_text(errors="replace")[-2000:].strip()

    def _find_init(self, top):
        if _has_ended(top):
            raise CannotBoot(self._tail())
        for child in _children(top):
            for grandchild in _children(child):
                if _name_of(grandchild) == "systemd":
                    return grandchild
        return None

    def _is_up(self):
        if _has_ended(self.init):
            raise CannotBoot(self._tail())
        return self.run("systemctl", "is-system-running").out.strip() in ("running", "degraded")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30 * PATIENCE)
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def path(self, inside):
        """The path outside of a file inside."""
        return pathlib.Path(f"/proc/{self.init}/root") / inside.lstrip("/")

    def prefix(self, user=None):
        """What runs a command inside, as root unless a user is named."""
        words = ["nsenter", f"--target={self.init}", "--mount", "--uts", "--ipc", "--net", "--pid",
                 "--root", "--wd"]
        if user is not None:
            words += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return words

    def run(self, *command, user=None, text=None):
        done = subprocess.run(
            [*self.prefix(user), *command], capture_output=True, text=True, check=False,
            timeout=60 * PATIENCE, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
            **({"stdin": subprocess.DEVNULL} if text is None else {"input": text}))
        return Result(command, done)

    def begin(self, *command, user=None):
        """Starts it and does not wait."""
        return subprocess.Popen([*self.prefix(user), *command], stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write(self, inside, text):
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def unit(self, name, text):
        self.write(f"/etc/systemd/system/{name}", text)

    def show(self, unit, *properties):
        """Properties of a unit; of one property, its value."""
        done = self.run("systemctl", "show", "--timestamp=us+utc", unit,
                        *(f"--property={name}" for name in properties)).ok()
        values = dict(line.split("=", 1) for line in done.out.splitlines())
        return values[properties[0]] if len(properties) == 1 else values

    def state(self, unit):
        """Such as "active/running"."""
        values = self.show(unit, "ActiveState", "SubState")
        return f"{values['ActiveState']}/{values['SubState']}"

    def wait_state(self, unit, wanted):
        def reached():
            seen.append(self.state(unit))
            return seen[-1] == wanted

        seen = []
        try:
            wait_until(reached, f"{unit} to be {wanted}", 20)
        except AssertionError as error:
            raise AssertionError(f"{error}: it is {seen[-1]}\n{self.journal_text(unit)}") from None

    def outer_pid(self, inside):
        """The pid outside of what has this pid inside."""
        namespace = os.stat(f"/proc/{self.init}/ns/pid")
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                same = os.path.samestat(os.stat(f"/proc/{pid}/ns/pid"), namespace)
            except OSError:
                continue
            numbers = re.search(r"^NSpid:\s+(.*)$", text, re.M).group(1).split()
            if same and numbers[-1] == str(inside):
                return int(pid)
        raise AssertionError(f"there is no process {inside} inside")

    def journal(self, *matches):
        """The entries as journald keeps them, in their order."""
        done = self.run("journalctl", "--quiet", "--no-pager", "--output=json", *matches).ok()
        return [json.loads(line) for line in done.out.splitlines()]

    def journal_text(self, unit):
        return self.run("journalctl", "--quiet", "--no-pager", "--output=short-monotonic",
                        f"--unit={unit}").out[-4000:]

    def cursor(self):
        """Where the journal ends now; for `journal("--after-cursor=" + cursor)`."""
        return self.journal("--lines=1")[0]["__CURSOR"]


def _children(pid):
    try:
        tasks = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in tasks.split()]


def _has_ended(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return True
    return text.rsplit(")", 1)[1].split()[0] == "Z"


def _name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
    except OSError:
        return None
