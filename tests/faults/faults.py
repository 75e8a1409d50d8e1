"""The faults. Each one is injected, lasts for a drawn time, and is healed."""

import collections
import contextlib
import signal
import time

import psycopg2

from .clients import Asking

OURS = "datname = current_database() AND application_name LIKE 'wovend%%'"


class Storm:
    """Injects what the seed draws and heals it when its time has come."""

    def __init__(self, fleet, survivor, kinds):
        self.fleet = fleet
        self.survivor = survivor  # never killed, so that its growth shows
        self.kinds = kinds
        self.counts = collections.Counter()
        self.pending = []  # (due, heal)
        self.random = None

    def count(self, what):
        self.counts[what] += 1

    def blow(self, random, seconds, ends):
        """Faults for that long or until ends() says so; afterwards everything is whole again."""
        self.random = random
        until = time.monotonic() + seconds
        names = [name for name, (weight, _) in self.kinds.items() for _ in range(weight)]
        while time.monotonic() < until and not ends():
            name = random.choice(names)
            duration, pause = random.uniform(0.1, 1), random.uniform(0.1, 1.3)
            heal = self.kinds[name][1](self, duration)
            if heal is not None:
                self.count(name)
                after, action = heal
                self.pending.append((time.monotonic() + after, action))
            wake = time.monotonic() + pause
            while time.monotonic() < wake and not ends():
                self.heal_due()
                time.sleep(0.02)
        self.heal_all()

    def heal_due(self):
        now = time.monotonic()
        due = [action for when, action in self.pending if when <= now]
        self.pending = [item for item in self.pending if item[0] > now]
        for action in due:
            action()

    def heal_all(self):
        pending, self.pending = sorted(self.pending, key=lambda item: item[0]), []
        for _, action in pending:
            action()

    def a_member(self, *, spare=True, networked=False):
        """A daemon at work that nothing has happened to yet; the leader in half of the cases."""
        able = [member for member in self.fleet.members
                if not (member.down or member.paused or (spare and member is self.survivor)
                        or (networked and not member.networked))]
        leader = self.fleet.leader()
        if leader in able and self.random.random() < 0.5:
            return leader
        return self.random.choice(able) if able else None

    def sql(self, text, *arguments):
        """False when the server is not there to hear it."""
        try:
            return self.fleet.database.run(text, *arguments)
        except psycopg2.Error:
            return False


def kill_daemon(storm, duration):
    member = storm.a_member()
    if member is None:
        return None
    member.kill()
    return duration * 2, member.start


def stop_daemon(storm, duration):
    member = storm.a_member()
    if member is None:
        return None
    member.terminate()

    def again():
        member.wait_ended()
        member.start()
    return duration * 2, again


def pause_daemon(storm, duration):
    """Longer than a take-over takes; what it does when it wakes is the question."""
    member = storm.a_member(spare=False)
    if member is None:
        return None
    member.pause()
    return duration * 4, member.resume


def pause_and_cut_off(storm, duration):
    """The same, and the server ends the sessions of the sleeper: somebody else takes the lead."""
    member = storm.a_member(spare=False)
    if member is None:
        return None
    leads = storm.fleet.leader() is member
    member.pause()
    if leads:
        storm.sql("SELECT pg_terminate_backend(backend_pid) FROM woven.leader")
    return 1.5 + duration * 3, member.resume


def end_session(storm, _duration):
    rows = storm.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OURS +
                     " ORDER BY pid <> (SELECT backend_pid FROM woven.leader), random() LIMIT 1")
    return (0, lambda: None) if rows else None


def end_all_sessions(storm, _duration):
    rows = storm.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OURS)
    return (0, lambda: None) if rows else None


def cancel_statement(storm, _duration):
    """As an administrator may, who does not know the daemon."""
    rows = storm.sql("SELECT pg_cancel_backend(backend_pid) FROM woven.leader")
    return (0, lambda: None) if rows else None


def _restart_server(storm, kind, duration):
    if not storm.fleet.cluster.running:
        return None
    storm.fleet.end_server(kind)
    return duration, storm.fleet.start_server


def server_fast(storm, duration):
    return _restart_server(storm, "fast", duration)


def server_immediate(storm, duration):
    return _restart_server(storm, "immediate", duration)


def server_kill(storm, duration):
    return _restart_server(storm, "kill", duration)


def cut_network(storm, duration):
    """For less and for more than the time after which both sides give a connection up."""
    member = storm.a_member(spare=False, networked=True)
    if member is None:
        return None
    storm.fleet.network.cut(member.number)
    times = storm.random.choice((1, 3, 8))
    return duration * times, lambda: storm.fleet.network.heal(member.number)


def hold_locks(storm, duration):
    """Somebody's transaction is in the way, for less and for more than the steps wait."""
    try:
        connection = storm.fleet.database.connect(application_name="blocker")
    except psycopg2.Error:
        return None
    connection.autocommit = False

    def release():
        with contextlib.suppress(psycopg2.Error):
            connection.close()
    try:
        if _lock_some(connection.cursor()):
            return duration * 3, release
    except psycopg2.Error:
        pass
    release()
    return None


def _lock_some(cursor):
    """What can be had at once of a few tables; how many that were."""
    cursor.execute("SET LOCAL lock_timeout = '50ms'")
    cursor.execute("SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'r' AND relname ~ "
                   "'^[ms][0-9]{2}_' ORDER BY random() LIMIT 2")
    had = 0
    for table in ["public.shared", *(name for (name,) in cursor.fetchall())]:
        cursor.execute("SAVEPOINT before")
        try:
            cursor.execute(f"LOCK TABLE {table}")
            had += 1
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.UndefinedTable):
            cursor.execute("ROLLBACK TO before")
    return had


def break_revision(storm, duration):
    """Its SQL fails as long as it is in trouble."""
    history = storm.fleet.history
    revision = storm.random.choice(history.main + history.side)
    if storm.sql("INSERT INTO audit.trouble VALUES (%s) ON CONFLICT DO NOTHING", revision) is False:
        return None
    return duration * 3, lambda: storm.sql("DELETE FROM audit.trouble")


def reload(storm, _duration):
    member = storm.a_member(spare=False)
    if member is None:
        return None
    member.daemon.signal(signal.SIGHUP)
    return 0, lambda: None


def step_down(storm, _duration):
    """The leader is asked to give the lead away."""
    member = storm.fleet.leader()
    if member is None or member.paused:
        return None
    Asking(member, "daemon.step_down").run()
    return 0, lambda: None


# How often each is drawn, and what it does.
KINDS = {
    "SIGKILL of a daemon": (4, kill_daemon),
    "SIGTERM of a daemon": (2, stop_daemon),
    "SIGSTOP of a daemon": (2, pause_daemon),
    "SIGSTOP beyond a take-over": (3, pause_and_cut_off),
    "session ended": (4, end_session),
    "all sessions ended": (1, end_all_sessions),
    "statement cancelled": (2, cancel_statement),
    "server stopped fast": (1, server_fast),
    "server stopped at once": (1, server_immediate),
    "server killed": (1, server_kill),
    "network cut": (4, cut_network),
    "locks held": (3, hold_locks),
    "revision broken": (3, break_revision),
    "SIGHUP of a daemon": (1, reload),
    "step-down": (3, step_down),
}
