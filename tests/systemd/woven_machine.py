"""A machine with PostgreSQL and Woven, set up as README.md says, and what its tests do with it."""

import contextlib
import os
import re
import shutil
import subprocess

import psycopg2

from machine import Machine
from rig.cluster import SUPERUSER, Database, template_data
from rig.programs import BUILD, SANITIZER, postgres_program
from rig.project import Project, settings_text
from rig.waiting import wait_until

# Stands in for the distribution's unit of the same name.
POSTGRESQL = """
[Unit]
Description=PostgreSQL of the test
[Service]
Type=notify
User=postgres
RuntimeDirectory=postgresql
RuntimeDirectoryMode=0755
ExecStart={postgres} -D /var/lib/postgresql/boot -c listen_addresses= \\
    -c unix_socket_directories=/run/postgresql -c fsync=off -c full_page_writes=off \\
    -c shared_buffers=16MB -c jit=off -c password_encryption=scram-sha-256
KillMode=mixed
KillSignal=SIGINT
"""

# woven comes as itself, woven_remote as from another host: with a password.
HBA = """
local all postgres trust
local all woven peer
local all woven_remote scram-sha-256
"""

# alice may open the socket, bob may not; the others are those that applications run as.
USERS = """
u shop - "An application"
u stock - "An application"
u alice - "Somebody of group woven"
u bob - "Somebody else"
m alice woven
"""

# journald reads at once what is written, so that its time stamps are those of the writing.
JOURNALD = """
[Service]
Nice=-15
"""

# What a sanitizer does at exit, the sandbox forbids.
SANITIZED = """
[Service]
Environment=ASAN_OPTIONS=detect_leaks=0
"""

SETTINGS = "/etc/woven/woven.conf"


def make_layer(layer):
    """What the machine has more than this one."""
    done = subprocess.run(["cmake", "--install", str(BUILD), "--prefix", "/usr"], check=False,
                          capture_output=True, text=True, env={**os.environ, "DESTDIR": str(layer)})
    assert done.returncode == 0, done.stdout + done.stderr
    files = {
        "etc/systemd/system/postgresql.service":
            POSTGRESQL.format(postgres=postgres_program("postgres")),
        "etc/systemd/system/systemd-journald.service.d/test.conf": JOURNALD,
        "usr/lib/sysusers.d/woven-test.conf": USERS,
        "etc/fstab": "",
    }
    if SANITIZER:
        files["etc/systemd/system/service.d/sanitizer.conf"] = SANITIZED
    for name, text in files.items():
        (layer / name).parent.mkdir(parents=True, exist_ok=True)
        (layer / name).write_text(text, encoding="utf-8")
    # Clusters, services and mounts of this machine are none of the booted one's.
    for name in ("postgresql-generator", "systemd-sysv-generator"):
        (layer / "etc/systemd/system-generators").mkdir(exist_ok=True)
        (layer / "etc/systemd/system-generators" / name).symlink_to("/dev/null")
    data = layer / "var/lib/postgresql/boot"
    data.parent.mkdir(parents=True)
    shutil.copystat("/var/lib/postgresql", data.parent)
    os.chown(data.parent, *_owner("/var/lib/postgresql"))
    subprocess.run(["cp", "-a", "--reflink=auto", str(template_data()), str(data)], check=True)
    (data / "pg_hba.conf").write_text(HBA, encoding="utf-8")


def _owner(path):
    stat = os.stat(path)
    return stat.st_uid, stat.st_gid


class WovenMachine(Machine):
    def __init__(self, folder):
        make_layer(folder / "layer")
        super().__init__(folder)
        self.projects = 0
        self.shipped = None

    def install(self):
        """The steps of README.md after the programs and files are there."""
        self.run("systemd-sysusers").ok()
        self.run("systemd-tmpfiles", "--create").ok()
        self.run("systemctl", "daemon-reload").ok()
        self.shipped = self.path(SETTINGS).read_text(encoding="utf-8")
        self.run("systemctl", "start", "postgresql").ok()
        self.run("createuser", "woven", user="postgres").ok()
        return self

    # PostgreSQL, from outside.

    def connect(self, database, **more):
        connection = psycopg2.connect(host=str(self.path("/run/postgresql")), user=SUPERUSER,
                                      dbname=database, **more)
        connection.autocommit = True
        return connection

    def sql(self, text):
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.cursor().execute(text)

    @property
    def database(self):
        return Database(self, "woven")

    # Woven.

    def reset(self):
        """As after the installation: an empty database, the shipped settings, nothing started."""
        self.run("systemctl", "stop", "wovend.socket", "wovend.service", "woven-wait@*.service",
                 "app-*.service").ok()
        for pattern in ("app-*", "wovend.service.d"):
            for made in self.path("/etc/systemd/system").glob(pattern):
                shutil.rmtree(made) if made.is_dir() else made.unlink()
        self.run("systemctl", "daemon-reload").ok()
        self.run("systemctl", "reset-failed").ok()
        self.run("systemctl", "start", "postgresql").ok()
        self.path(SETTINGS).write_text(self.shipped, encoding="utf-8")
        self.sql("DROP DATABASE IF EXISTS woven")
        self.sql("CREATE DATABASE woven OWNER woven")
        self.run("systemctl", "start", "wovend.socket").ok()

    def project(self):
        """A folder of revisions, to be named in the settings by use()."""
        self.projects += 1
        return Project(self.path(f"/srv/project{self.projects}"))

    def use(self, project=None, **settings):
        """Changes the shipped settings; a key or section that they have is replaced."""
        if project is not None:
            settings["versions"] = [f"/srv/{project.folder.name}/versions"]
        text = self.shipped
        for key in settings:
            text = re.sub(rf"^{key} (= .*|{{(?s:.*?)^}})\n", "", text, flags=re.M)
        self.path(SETTINGS).write_text(text + settings_text(settings), encoding="utf-8")

    def drop_in(self, name, text):
        self.write(f"/etc/systemd/system/wovend.service.d/{name}.conf", text)
        self.run("systemctl", "daemon-reload").ok()

    def application(self, name, lines="", unit_lines="", drop_in=None):
        """A unit app-NAME.service that says when it begins and then stays. `drop_in` is a file."""
        self.unit(f"app-{name}.service",
                  f"[Unit]\nDescription=Application {name}\n{unit_lines}\n[Service]\n{lines}\n"
                  f"ExecStart=/bin/sh -c 'echo {name} begins; exec sleep infinity'\n")
        if drop_in is not None:
            self.write(f"/etc/systemd/system/app-{name}.service.d/migrate.conf",
                       self.path(drop_in).read_text(encoding="utf-8"))
        self.run("systemctl", "daemon-reload").ok()
        return f"app-{name}.service"

    def ctl(self, *arguments, user=None):
        return self.run("wovenctl", *arguments, user=user)

    def status(self):
        return self.ctl("--json", "migrate", "status").ok().json

    def main_pid(self):
        return int(self.show("wovend.service", "MainPID"))

    def wait_role(self, role):
        wait_until(lambda: self.status()["role"] == role, f"wovend to be {role}")

    def wait_step(self, revision):
        """A job that is in the middle of this revision."""
        def running():
            job = self.status()["job"]
            return job is not None and job.get("step", {}).get("revision") == revision

        wait_until(running, f"a job at {revision}")

    def history(self):
        """Steps as (revision, outcome, microseconds since 1970 at their end)."""
        if self.database.value("SELECT to_regclass('woven.history')") is None:
            return []
        return self.database.run(
            "SELECT revision, outcome, (extract(epoch FROM started_at) * 1000000)::bigint + took_us"
            "  FROM woven.history WHERE kind = 'up' ORDER BY id")

