"""A private PostgreSQL for measuring: on disk, with fsync, no TCP, thrown away at the end."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

# Durable as shipped; no checkpoint or autovacuum falls into one competitor's run by chance.
SETTINGS = {
    "listen_addresses": "",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "max_locks_per_transaction": "512",
}


def find_bindir():
    """Debian keeps the server's programs outside of PATH, one folder a major version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise SystemExit("bench: no PostgreSQL server here (Debian: apt install postgresql-15)")
    return found[-1].parent if found else Path(on_path).resolve().parent


def unprivileged():
    """The user that initdb accepts: ourselves, or somebody else when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("bench: root needs an unprivileged user to run PostgreSQL as")


class Cluster:
    def __init__(self, parent=None):
        self.bindir = find_bindir()
        self.user = unprivileged()
        self.dir = Path(tempfile.mkdtemp(prefix="wbench-pg-", dir=parent))
        self.data = self.dir / "data"
        if self.user:
            os.chown(self.dir, self.user.pw_uid, self.user.pw_gid)
        self.dir.chmod(0o755)
        self.role = "postgres"

    def _run(self, *argv):
        command = [str(a) for a in argv]
        if self.user:
            command = ["runuser", "-u", self.user.pw_name, "--", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"bench: {argv[0]}: {done.stderr or done.stdout}")

    def start(self):
        self._run(self.bindir / "initdb", "-D", self.data, "-U", self.role, "-A", "trust", "-N",
                  "--locale=C.UTF-8", "-E", "UTF8")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            for name, value in SETTINGS.items():
                conf.write(f"{name} = '{value}'\n")
            conf.write(f"unix_socket_directories = '{self.dir}'\n")
        # A server's log goes to a file: with a pipe, its children would keep pg_ctl's caller waiting.
        command = [self.bindir / "pg_ctl", "-D", self.data, "-w", "-l", self.dir / "log", "start"]
        if self.user:
            command = ["runuser", "-u", self.user.pw_name, "--", *command]
        subprocess.run([str(a) for a in command], cwd="/", check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self._run(self.bindir / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.dir, ignore_errors=True)

    def conninfo(self, database):
        return f"host={self.dir} dbname={database} user={self.role}"

    def psql(self, database):
        return [str(self.bindir / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                self.conninfo(database)]

    def sql(self, database, *statements):
        command = self.psql(database) + ["-A", "-t"]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True).stdout.strip()

    def fresh_database(self, name, template="template0"):
        """An empty database (or a copy), with what it took to make it already on disk."""
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                 f"CREATE DATABASE {name} TEMPLATE {template}", "CHECKPOINT")

    def version(self):
        return self.sql("postgres", "SHOW server_version").split()[0]

    def owner(self):
        return self.user.pw_name if self.user else getpass.getuser()
