"""A private PostgreSQL: Unix socket only, no fsync, as an unprivileged user, copied from a template
data directory that is made once and kept."""

import contextlib
import fcntl
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

import psycopg2

from .places import BASE, new_folder
from .programs import clean_environment, postgres_program, postgres_version
from .waiting import wait_until

SUPERUSER = "postgres"
# Before version 15 there is no other way.
COPIED = " STRATEGY file_copy" if postgres_version() >= 15 else ""


def server_user():
    """PostgreSQL refuses to run as root: then its Debian user serves."""
    return pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def as_server(**more):
    user = server_user()
    options = {"env": clean_environment(**more), "stdin": subprocess.DEVNULL, "cwd": "/"}
    if os.getuid() == 0:
        options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    return options


def template_data():
    """The data directory to copy; the first who needs it makes it, under a lock."""
    initdb = postgres_program("initdb")
    home = BASE / f"woven-template-{os.getuid()}-{postgres_version()}"
    home.mkdir(mode=0o755, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        raise PermissionError(f"{home} belongs to somebody else")
    with open(home / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        data = home / "data"
        if data.exists():
            return data
        making = pathlib.Path(tempfile.mkdtemp(dir=home))
        user = server_user()
        if os.getuid() == 0:
            os.chown(making, user.pw_uid, user.pw_gid)
        subprocess.run(
            [initdb, "-D", str(making), "-U", SUPERUSER, "-A", "trust", "-N", "-E", "UTF8",
             "--locale=C.UTF-8", "--wal-segsize=1"],
            check=True, capture_output=True, **as_server())
        making.rename(data)
        return data


class Cluster:
    """One server; started by start(), removed by remove()."""

    def __init__(self, **settings):
        self.home = new_folder("woven-pg-")
        user = server_user()
        self.data = self.home / "data"
        self.make_data()
        self.sockets = self.home / "s"
        self.sockets.mkdir()
        if os.getuid() == 0:
            os.chown(self.sockets, user.pw_uid, user.pw_gid)
            self.sockets.chmod(0o755)
        self.log = self.home / "log"
        self.settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.sockets),
            "fsync": "off", "full_page_writes": "off", "max_connections": "60",
            "shared_buffers": "16MB", "jit": "off", "log_min_messages": "warning",
            "max_wal_size": "64MB", "deadlock_timeout": "200ms", **settings,
        }
        self.process = None
        self.databases = 0

    def make_data(self):
        # cp keeps owner and mode, and shares blocks where the file system can.
        subprocess.run(["cp", "-a", "--reflink=auto", str(template_data()), str(self.data)], check=True)

    def start(self):
        arguments = [postgres_program("postgres"), "-D", str(self.data)]
        for key, value in self.settings.items():
            arguments += ["-c", f"{key}={value}"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                arguments, stdout=log, stderr=log, start_new_session=True, **as_server())
        wait_until(self.answers, f"PostgreSQL to start, see {self.log}", 20)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError("PostgreSQL ended:\n" + self.log.read_text(errors="replace")[-2000:])
        try:
            self.connect("postgres").close()
            return True
        except psycopg2.OperationalError:
            return False

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, how=signal.SIGINT):
        """SIGINT disconnects everybody, SIGQUIT is a crash that the server knows of."""
        if self.running:
            self.process.send_signal(how)
            self.process.wait(60)

    def kill(self):
        """The whole server at once, as a power loss of its host: no message to anybody."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def restart(self):
        self.stop()
        self.start()

    def remove(self):
        if self.running:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.home, ignore_errors=True)

    def connect(self, database, **more):
        connection = psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname=database, **more)
        connection.autocommit = True
        return connection

    def new_database(self):
        self.databases += 1
        name = f"test{self.databases}"
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.cursor().execute(f"CREATE DATABASE {name}{COPIED}")
        return Database(self, name)

    def drop_database(self, database):
        """Whoever is still connected to it is cut off."""
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.cursor().execute(f"DROP DATABASE {database.name} WITH (FORCE)")

    def dump(self, database, *options):
        """pg_dump's text without what differs from run to run."""
        text = subprocess.run(
            [postgres_program("pg_dump"), "-h", str(self.sockets), "-U", SUPERUSER,
             "--schema-only", "--no-owner", *options, database],
            check=True, capture_output=True, text=True, env=clean_environment()).stdout
        return [line for line in text.splitlines()
                if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))]


class Database:
    """One database of a cluster, as a test sees it."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name

    @property
    def conninfo(self):
        return f"host={self.cluster.sockets} user={SUPERUSER} dbname={self.name}"

    def connect(self, **more):
        return self.cluster.connect(self.name, **more)

    def run(self, sql, *arguments):
        """Executes it and returns its rows, if it has any."""
        with contextlib.closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(sql, arguments or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql, *arguments):
        rows = self.run(sql, *arguments)
        return rows[0][0] if rows else None

    def heads(self):
        """What the version table says; empty also when there is none."""
        if self.value("SELECT to_regclass('alembic_version')") is None:
            return []
        return sorted(row[0] for row in self.run("SELECT version_num FROM alembic_version"))

    def tables(self, schema="public"):
        rows = self.run("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                        "%s::regnamespace ORDER BY 1", schema)
        return [row[0] for row in rows if row[0] != "alembic_version"]

    def take_lock(self, project="woven", application="psql"):
        """A session that holds the project's advisory lock and is no daemon; close() ends it."""
        key = 0xCBF29CE484222325
        for byte in f"woven:{project}".encode():
            key = (key ^ byte) * 0x100000001B3 % 2**64
        connection = self.connect(application_name=application)
        cursor = connection.cursor()
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key - 2**64 if key >= 2**63 else key])
        assert cursor.fetchone()[0], "somebody has the lock"
        return connection

    @contextlib.contextmanager
    def locked(self, table, mode="ACCESS EXCLUSIVE"):
        """Holds a lock on the table in a transaction of another session."""
        connection = self.connect(application_name="blocker")
        connection.autocommit = False
        try:
            connection.cursor().execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield connection
        finally:
            connection.close()

    def dump(self, *options):
        return self.cluster.dump(self.name, *options)
