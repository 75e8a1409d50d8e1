"""A terminal with a shell on it, for what Ctrl-C, Ctrl-Z and reading from it do."""

import contextlib
import fcntl
import os
import pty
import subprocess
import termios

from .programs import clean_environment
from .waiting import wait_until


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, daemon):
        master, slave = pty.openpty()
        self.master = master
        self.text = ""
        self.shell = subprocess.Popen(
            ["/bin/bash", "--norc", "--noprofile", "-i"], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, cwd=daemon.project.folder, preexec_fn=own_terminal,
            env=clean_environment(WOVEN_SOCKET=str(daemon.socket), PS1="$ ", TERM="dumb"))
        os.close(slave)
        os.set_blocking(master, False)

    def type(self, text):
        os.write(self.master, text.encode())

    def sees(self, text):
        with contextlib.suppress(BlockingIOError, OSError):
            while data := os.read(self.master, 4096):
                self.text += data.decode(errors="replace")
        return text in self.text

    def wait(self, text):
        wait_until(lambda: self.sees(text), f"{text!r} on the terminal")

    def close(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.master)


def own_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
