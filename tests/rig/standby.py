"""A second server that follows a cluster by streaming replication until it is promoted."""

import contextlib
import os
import subprocess

from .cluster import SUPERUSER, Cluster, Database, as_server, server_user
from .programs import postgres_program
from .waiting import wait_until


class Standby(Cluster):
    """Its data are a base backup of `primary`, which must run."""

    def __init__(self, primary):
        self.primary = primary
        same = {key: value for key, value in primary.settings.items()
                if key != "unix_socket_directories"}
        super().__init__(**{**same, "wal_retrieve_retry_interval": "100ms"})

    def make_data(self):
        self.data.mkdir(mode=0o700)
        if os.getuid() == 0:
            user = server_user()
            os.chown(self.data, user.pw_uid, user.pw_gid)
        subprocess.run(
            [postgres_program("pg_basebackup"), "-h", str(self.primary.sockets), "-U", SUPERUSER,
             "-D", str(self.data), "-R", "-c", "fast", "--no-sync"],
            check=True, capture_output=True, **as_server())

    def ask(self, sql):
        with contextlib.closing(self.connect("postgres")) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None

    def follow(self):
        """All that the primary has committed so far, asynchronous commits included, is here."""
        with contextlib.closing(self.primary.connect("postgres")) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            end = cursor.fetchone()[0]
        wait_until(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{end}'"),
                   f"the standby to be at {end}")

    def cut(self):
        """Nothing of what the primary commits from now on comes here."""
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.cursor().execute("ALTER SYSTEM SET primary_conninfo = ''")
            connection.cursor().execute("SELECT pg_reload_conf()")
        wait_until(lambda: self.ask("SELECT count(*) FROM pg_stat_wal_receiver") == 0,
                   "the standby to be cut off")

    def promote(self):
        assert self.ask("SELECT pg_promote(true, 60)")

    def twin(self, database):
        """The same database on this server."""
        return Database(self, database.name)


def demoted(old, standby):
    """The old primary started again as what follows the promoted one: read only."""
    subprocess.run(["touch", str(old.data / "standby.signal")], check=True, **as_server())
    old.settings["primary_conninfo"] = f"host={standby.sockets} user={SUPERUSER}"
    return old.start()
