"""The world of a run: one PostgreSQL, its database with the audit, and the daemons around it."""

import os
import pathlib
import shutil
import signal
import threading
import time

import psycopg2

from rig.cluster import Cluster, Database
from rig.daemon import Daemon
from rig.places import new_folder
from rig.programs import PATIENCE
from rig.project import Project
from rig.waiting import wait_until

from .network import SERVER, SUBNET, Network
from .revisions import AUDIT, TRIGGERS, History

TIMEOUTS = {"connect": "3s", "lock": "300ms", "lock_total": "2s", "grace": "4s"}


class Watched(Database):
    """The database for the harness: whatever the daemons hold there, it does not wait for ever."""

    def connect(self, **more):
        return super().connect(options="-c statement_timeout=20s", **more)


class Member:
    """A daemon with what happened to it, so that its silence can be judged."""

    def __init__(self, fleet, number, networked):
        self.fleet = fleet
        self.number = number
        self.networked = networked
        database = fleet.database.conninfo
        if networked:
            fleet.network.add(number)
            database = f"host={SERVER} user=postgres dbname={fleet.database.name}"
        # One folder of settings for each, the revisions are the same.
        self.daemon = Daemon(fleet.project, fleet.folder, f"d{number}", database)
        self.name = self.daemon.name
        self.endings = []  # (from, until, kind): when it was not there or about to leave
        self.paused = False
        self.down = False

    @property
    def socket(self):
        return self.daemon.socket

    @property
    def pid(self):
        return self.daemon.process.pid

    def launch(self):
        if self.networked:
            with self.fleet.network.inside(self.number):
                self.daemon.launch()
        else:
            self.daemon.launch()

    def start(self):
        self.launch()
        wait_until(self.daemon.answers, f"{self.name} to answer\n{self.daemon.log_tail()}", 20)
        self.down = False
        if self.endings and self.endings[-1][1] is None:
            begin, _, kind = self.endings[-1]
            self.endings[-1] = (begin, time.time(), kind)

    def ends(self, kind):
        self.down = True
        self.endings.append((time.time(), None, kind))

    def kill(self):
        self.ends("kill")
        self.daemon.kill()
        self.paused = False

    def terminate(self):
        self.ends("term")
        self.daemon.signal(signal.SIGTERM)

    def wait_ended(self, seconds=30):
        status = self.daemon.wait(seconds)
        if status != 0:
            raise AssertionError(f"{self.name} ended with {status}\n{self.daemon.log_tail()}")

    def pause(self):
        self.daemon.signal(signal.SIGSTOP)
        self.paused = True

    def resume(self):
        if self.paused:
            self.daemon.signal(signal.SIGCONT)
            self.paused = False

    def ended_between(self, begin, end):
        """The kinds of ending that fall into that time."""
        return {kind for start, until, kind in self.endings
                if start <= end and (until is None or until >= begin)}

    def seen(self):
        """Its status as it finds the database now. On a busy machine a look may take longer than
        the daemon waits for it; what it tells then is older, and says so."""
        def look():
            status = self.daemon.status()
            return status if status["database"]["reachable"] and not status.get("stale") else None
        return wait_until(look, f"{self.name} to see the database\n{self.daemon.log_tail()}", 20)

    def measure(self):
        """Resident kilobytes and open descriptors."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        resident = next(int(line.split()[1]) for line in status.splitlines()
                        if line.startswith("VmRSS:"))
        return resident, len(os.listdir(f"/proc/{self.pid}/fd"))


class Fleet:
    def __init__(self, size, networked):
        """`networked`: every second daemon reaches the server through a network that can be cut."""
        self.folder = new_folder("woven-faults-")
        self.network = Network() if networked else None
        self.cluster = Cluster(
            track_commit_timestamp="on", max_connections="100", log_line_prefix="%m [%p] %a ",
            listen_addresses=SERVER if networked else "")
        if networked:
            with open(self.cluster.data / "pg_hba.conf", "a", encoding="ascii") as rules:
                rules.write(f"host all all {SUBNET}.0/24 trust\n")
        self.project = Project(self.folder / "p", timeouts=TIMEOUTS)
        self.history = History(self.project)
        self.server_endings = []  # (from, until, kind)
        self.members = []
        self.database = None
        self.size = size
        self.guard = threading.Lock()

    def start_server(self):
        if self.network is None:
            self.cluster.start()
        else:
            with self.network.inside():
                self.cluster.start()
        if self.server_endings and self.server_endings[-1][1] is None:
            begin, _, kind = self.server_endings[-1]
            self.server_endings[-1] = (begin, time.time(), kind)

    def end_server(self, kind):
        self.server_endings.append((time.time(), None, kind))
        if kind == "kill":
            self.cluster.kill()
        else:
            self.cluster.stop(signal.SIGINT if kind == "fast" else signal.SIGQUIT)

    def start(self):
        if self.network is not None:
            self.network.start()
        self.start_server()
        self.database = Watched(self.cluster, self.cluster.new_database().name)
        self.database.run(AUDIT)
        for number in range(1, self.size + 1):
            self.members.append(Member(self, number, self.network is not None and number % 2 == 0))
        self.members[0].start()
        self.members[0].daemon.wait_role("leader")
        self.database.run(
            "INSERT INTO audit.lock_key SELECT classid::bigint << 32 | objid::bigint FROM pg_locks "
            "WHERE locktype = 'advisory' AND granted AND objsubid = 1")
        assert self.database.value("SELECT count(*) FROM audit.lock_key") == 1
        self.database.run(TRIGGERS)
        for member in self.members[1:]:
            member.start()
            member.daemon.wait_role("standby")

    def leader(self):
        """The member that the ledger names, or None; asks nobody but the database."""
        try:
            pid = self.database.value("SELECT pid FROM woven.leader")
        except psycopg2.Error:
            return None
        return next((one for one in self.members if not one.down and one.pid == pid), None)

    def server_ended_between(self, begin, end):
        return any(start <= end and (until is None or until >= begin)
                   for start, until, _ in self.server_endings)

    def remove(self, keep):
        for member in self.members:
            if member.daemon.running:
                member.resume()
                member.daemon.kill()
        self.cluster.remove()
        if self.network is not None:
            self.network.remove()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def patient(seconds):
    return seconds * PATIENCE / 3
