"""PgBouncer in front of a cluster."""

import os
import shutil
import subprocess

import psycopg2

from .cluster import SUPERUSER, server_user
from .places import new_folder
from .programs import clean_environment
from .waiting import wait_until


class Pooler:
    def __init__(self, cluster, mode):
        self.home = new_folder("woven-pb-")
        user = server_user()
        (self.home / "users").write_text(f'"{SUPERUSER}" ""\n', encoding="ascii")
        (self.home / "ini").write_text(
            "[databases]\n"
            f"* = host={cluster.sockets} port=5432 user={SUPERUSER}\n"
            "[pgbouncer]\n"
            f"listen_addr =\nlisten_port = 6432\nunix_socket_dir = {self.home}\n"
            f"auth_type = trust\nauth_file = {self.home}/users\n"
            f"pool_mode = {mode}\ndefault_pool_size = 5\n"
            f"pidfile = {self.home}/pid\nlogfile = {self.home}/log\n",
            encoding="ascii")
        options = {}
        if os.getuid() == 0:
            shutil.chown(self.home, user.pw_uid, user.pw_gid)
            options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self.process = subprocess.Popen(
            [program, "-q", str(self.home / "ini")], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment(), **options)

    def conninfo(self, database):
        return f"host={self.home} port=6432 user={SUPERUSER} dbname={database.name}"

    def start(self, database):
        def answers():
            assert self.process.poll() is None, (self.home / "log").read_text()
            try:
                psycopg2.connect(self.conninfo(database)).close()
                return True
            except psycopg2.OperationalError:
                return False

        wait_until(answers, "pgbouncer to answer")
        return self

    def remove(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.home, ignore_errors=True)
