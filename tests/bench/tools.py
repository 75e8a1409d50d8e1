"""The competitors: how each takes the same revisions up and down in a database of its own."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import measure
import revisions


class Daemon:
    """wovend on its own project folder and socket."""

    def __init__(self, programs, directory, conninfo):
        self.programs = programs
        self.dir = Path(directory)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.socket = self.dir / "s"
        self.log = self.dir / "wovend.log"
        self.conf = self.dir / "woven.conf"
        self.process = None
        self.conf.write_text(
            f'project = "bench"\ndatabase = "{conninfo}"\nsocket = "{self.socket}"\n'
            'versions = {"versions"}\ntemplate = "script.sql.in"\nlog_level = "warning"\n',
            encoding="utf-8")
        shutil.copy(programs.template, self.dir / "script.sql.in")

    def ask(self, method, **params):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.socket))
            request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            client.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(client.makefile("rb").readline())
        if "error" in answer:
            raise measure.Failed(f"{method}: {answer['error']}")
        return answer["result"]

    def start(self):
        """Seconds from exec to the first answered ping."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([self.programs.wovend, "-c", self.conf], stderr=log,
                                            stdin=subprocess.DEVNULL, stdout=log, close_fds=False)
        self.wait_for(lambda: self.ask("daemon.ping"))
        return time.perf_counter() - began

    def wait_for(self, happens, seconds=120):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if happens():
                    return
            except (OSError, ValueError):
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise measure.Failed(f"wovend: {self.log.read_text(errors='replace')[-800:]}")
            time.sleep(0.0005)

    def wait_ready(self):
        """The files are loaded, the database is there, and this daemon leads."""
        def ready():
            status = self.ask("daemon.status")
            return status["role"] == "leader" and status["files"]["revisions"] is not None
        self.wait_for(ready)

    def memory(self):
        """Resident now and at most, in MB."""
        fields = dict(line.split(":", 1) for line in
                      Path(f"/proc/{self.process.pid}/status").read_text().splitlines())
        return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))

    def ctl(self, *arguments):
        return [self.programs.wovenctl, "--socket", self.socket, *arguments]

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Tool:
    """One way to run `count` revisions. prepare() is not timed."""

    def __init__(self, name, bench, items):
        self.name = name
        self.bench = bench
        self.items = items
        self.dir = bench.dir / "".join(c if c.isalnum() else "_" for c in name)
        self.dir.mkdir()
        self.log = self.dir / "log"
        self.database = "bench_" + self.dir.name.lower()

    def prepare(self):
        self.bench.cluster.fresh_database(self.database)

    def finish(self):
        pass

    def time(self, argv, **more):
        return measure.run(argv, log=self.log, **more)


class Psql(Tool):
    """One session, each revision in a synchronous transaction with its row."""

    def __init__(self, name, bench, items):
        super().__init__(name, bench, items)
        self.scripts = [revisions.write_psql(self.dir / "up.sql", items, True),
                        revisions.write_psql(self.dir / "down.sql", items[-bench.sizes.down:],
                                             False)]

    def prepare(self):
        super().prepare()
        self.bench.cluster.sql(self.database, revisions.BOOKKEEPING)

    def up(self):
        return self.time([*self.bench.cluster.psql(self.database), "-f", self.scripts[0]])

    def down(self):
        return self.time([*self.bench.cluster.psql(self.database), "-f", self.scripts[1]])


class Floor(Psql):
    """bench_floor: one message a revision, asynchronous commits but the last."""

    def __init__(self, name, bench, items):
        Tool.__init__(self, name, bench, items)
        self.scripts = [revisions.write_floor(self.dir / "up", items, True),
                        revisions.write_floor(self.dir / "down", items[-bench.sizes.down:], False)]

    def _send(self, script):
        return self.time([self.bench.programs.floor, self.bench.cluster.conninfo(self.database),
                          script])

    def up(self):
        return self._send(self.scripts[0])

    def down(self):
        return self._send(self.scripts[1])


class Woven(Tool):
    options = ()

    def __init__(self, name, bench, items):
        super().__init__(name, bench, items)
        self.daemon = Daemon(bench.programs, self.dir / "project",
                             bench.cluster.conninfo(self.database))
        revisions.write_woven(self.dir / "project", items)

    def prepare(self):
        super().prepare()
        self.daemon.start()
        self.daemon.wait_ready()

    def finish(self):
        self.daemon.stop()

    def up(self):
        return self.time(self.daemon.ctl("migrate", "upgrade", *self.options, "head"))

    def down(self):
        return self.time(self.daemon.ctl("migrate", "downgrade", *self.options,
                                         f"-{self.bench.sizes.down}"))


class WovenSingle(Woven):
    options = ("--single-transaction",)


class Alembic(Tool):
    per_migration = True

    def __init__(self, name, bench, items):
        super().__init__(name, bench, items)
        self.env = {**os.environ, "PGHOST": str(bench.cluster.dir), "PGUSER": bench.cluster.role}
        self.project = revisions.write_alembic(self.dir / "project", items,
                                               f"postgresql+psycopg2:///{self.database}",
                                               self.per_migration)

    def command(self, *arguments):
        return [self.bench.programs.alembic, "-c", self.project / "alembic.ini", *arguments]

    def alembic(self, *arguments):
        return self.time(self.command(*arguments), env=self.env, cwd=self.project)

    def up(self):
        return self.alembic("upgrade", "head")

    def down(self):
        return self.alembic("downgrade", f"-{self.bench.sizes.down}")


class AlembicSingle(Alembic):
    per_migration = False


class Dbmate(Tool):
    def __init__(self, name, bench, items):
        super().__init__(name, bench, items)
        self.migrations = revisions.write_dbmate(self.dir / "migrations", items)
        self.url = (f"postgres://{bench.cluster.role}@/{self.database}"
                    f"?socket={bench.cluster.dir}&sslmode=disable")

    def dbmate(self, command):
        return self.time([self.bench.programs.dbmate, "--url", self.url, "--migrations-dir",
                          self.migrations, "--no-dump-schema", command], cwd=self.dir)

    def up(self):
        return self.dbmate("migrate")

    def down(self):
        """It goes back one at a time, a process each."""
        return sum(self.dbmate("rollback") for _ in range(self.bench.sizes.down))


class NodePgMigrate(Tool):
    options = ("--single-transaction=false",)

    def __init__(self, name, bench, items):
        super().__init__(name, bench, items)
        self.migrations = revisions.write_node(self.dir / "migrations", items)
        self.env = {**os.environ, "PGHOST": str(bench.cluster.dir), "PGUSER": bench.cluster.role,
                    "PGDATABASE": self.database,
                    "DATABASE_URL": f"socket:{bench.cluster.dir}?db={self.database}"
                                    f"&user={bench.cluster.role}"}

    def node(self, *arguments):
        return self.time(["node", self.bench.programs.node_pg_migrate, *arguments, *self.options,
                          "--verbose=false", "-m", self.migrations], env=self.env, cwd=self.dir)

    def up(self):
        return self.node("up")

    def down(self):
        return self.node("down", str(self.bench.sizes.down))


class NodePgMigrateSingle(NodePgMigrate):
    options = ("--single-transaction=true",)


OURS = (("wovend", Woven), ("wovend, one transaction", WovenSingle))
FLOORS = (("psql, synchronous", Psql), ("libpq floor, asynchronous", Floor))
PEERS = (("Alembic, a transaction each", "alembic", Alembic),
         ("Alembic, one transaction", "alembic", AlembicSingle),
         ("dbmate, a transaction each", "dbmate", Dbmate),
         ("node-pg-migrate, a transaction each", "node_pg_migrate", NodePgMigrate),
         ("node-pg-migrate, one transaction", "node_pg_migrate", NodePgMigrateSingle))
