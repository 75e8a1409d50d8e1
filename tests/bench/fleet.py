"""Case e: several daemons or many clients. How long a lead stays vacant when its leader is killed, what
it costs to hand it over, and what a thousand clients cost that find nothing to do."""

import contextlib
import json
import random
import signal
import subprocess
import threading
import time

import measure
import revisions
import tools

# What a standby does, and one that stands first in the queue (daemon/migrator/link.c).
IDLE_RHYTHM = (700, 1300)
FIRST_RHYTHM = (150, 350)

# Runs for ten minutes where the table has a row, so that a job can be caught in the middle.
SLOW = "SELECT pg_sleep(600) WHERE EXISTS (SELECT FROM slow)"


def _revision(number, down, up):
    return (f"-- message: Number {number}\n-- revision: {number:012x}\n-- down_revision: {down}\n\n"
            f"-- woven:up\n{up};\n\n-- woven:down\n")


def _write_fleet(directory, ups):
    versions = directory / "versions"
    versions.mkdir(parents=True)
    down = ""
    for number, up in enumerate(ups, 1):
        (versions / f"{number:012x}_number.sql").write_text(_revision(number, down, up),
                                                            encoding="utf-8")
        down = f"{number:012x}"


def _role(daemon):
    return daemon.ask("daemon.status")["role"]


class Pair:
    """Two daemons of one project; which one leads changes."""

    def __init__(self, bench, name, ups):
        self.bench = bench
        self.database = f"bench_e_{name}"
        bench.cluster.fresh_database(self.database)
        self.daemons = []
        for number in range(2):
            directory = bench.dir / f"e_{name}_{number}"
            _write_fleet(directory, ups)
            daemon = tools.Daemon(bench.programs, directory, bench.cluster.conninfo(self.database))
            bench.started.append(daemon)
            daemon.start()
            daemon.wait_for(lambda daemon=daemon: _role(daemon) in ("leader", "standby"))
            self.daemons.append(daemon)

    def by_role(self):
        """The leader and the standby, as soon as there is one of each."""
        found = {}

        def both():
            found.update({_role(daemon): daemon for daemon in self.daemons})
            return {"leader", "standby"} <= found.keys()

        self.daemons[0].wait_for(both)
        return found["leader"], found["standby"]

    def restart(self, daemon):
        daemon.stop()
        daemon.start()
        daemon.wait_for(lambda: _role(daemon) in ("leader", "standby"))

    def sql(self, *statements):
        return self.bench.cluster.sql(self.database, *statements)

    def led_since(self):
        """The server's clock when the leader's first statement under the lock began."""
        token, since = self.sql("SELECT token, extract(epoch FROM since) FROM woven.leader") \
            .split("|")
        return int(token), float(since)

    def wait_next(self, token, daemon):
        """When the leadership after `token` began."""
        daemon.wait_for(lambda: _role(daemon) == "leader")
        now, since = self.led_since()
        if now != token + 1:
            raise measure.Failed(f"token {now} after {token}")
        return since

    def stop(self):
        for daemon in self.daemons:
            daemon.stop()


def _any_moment():
    """So that the kill meets each phase of a rhythm equally often."""
    time.sleep(random.uniform(0.2, 1.2))


def _kill(process):
    process.send_signal(signal.SIGKILL)
    began = time.time()
    process.wait()
    return began


def _idle_take_over(pair):
    def once():
        leader, standby = pair.by_role()
        token, _ = pair.led_since()
        _any_moment()
        began = _kill(leader.process)
        seconds = pair.wait_next(token, standby) - began
        leader.start()
        pair.by_role()
        return seconds
    return once


def _busy_take_over(pair):
    """The leader dies in the middle of a statement, and the other one has a job that waits."""
    def once():
        leader, standby = pair.by_role()
        token, _ = pair.led_since()
        pair.sql("DELETE FROM slow", "INSERT INTO slow VALUES (1)")
        with _asking(leader, "migrate.upgrade", target="+1"):
            leader.wait_for(lambda: "statement" in (leader.ask("daemon.status")["job"] or {}))
            with _asking(standby, "migrate.upgrade", target="+1") as answer:
                standby.wait_for(lambda: pair.sql("SELECT count(*) FROM woven.want") == "1")
                pair.sql("DELETE FROM slow")
                _any_moment()
                began = _kill(leader.process)
                answer()
        seconds = pair.wait_next(token, standby) - began
        standby.ask("migrate.downgrade", target="base", progress=False)
        leader.start()
        pair.by_role()
        return seconds
    return once


@contextlib.contextmanager
def _asking(daemon, method, **params):
    """Asks in the background; yields what waits for the answer."""
    result = []

    def ask():
        # The daemon may be killed under the question.
        with contextlib.suppress(OSError, ValueError):
            result.append(daemon.ask(method, progress=False, **params))

    thread = threading.Thread(target=ask)
    thread.start()

    def answer():
        thread.join()
        if not result or result[0]["outcome"] != "done":
            raise measure.Failed(f"{method}: {result}")

    yield answer
    thread.join()


def _floor_take_over(bench, rhythm, *held):
    lock = [str(bench.programs.lock), bench.cluster.conninfo("postgres")]

    def started(word, *arguments):
        process = subprocess.Popen([*lock, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        if process.stdout.readline().strip() != word:
            raise measure.Failed("bench_lock does not begin")
        return process

    def once():
        holder = started("held", "hold", *held)
        with started("ready", "take", *rhythm) as taker:
            _any_moment()
            began = _kill(holder)
            holder.stdout.close()
            return float(taker.stdout.readline()) - began
    return once


def _take_over(bench, report):
    idle = Pair(bench, "idle", ["SELECT 1"])
    busy = Pair(bench, "busy", [SLOW])
    busy.sql("CREATE TABLE slow (n integer)")
    samples = measure.interleave(bench.sizes.fleet_runs, {
        "wovend": _idle_take_over(idle),
        "floor": _floor_take_over(bench, IDLE_RHYTHM),
        "wovend, asked, busy leader": _busy_take_over(busy),
        "floor, asked, busy holder": _floor_take_over(bench, FIRST_RHYTHM,
                                                      "SELECT pg_sleep(600)")})
    idle.stop()
    busy.stop()
    report.title("(e) take-over: kill -9 of the leader to the first statement under the lock")
    report.samples(samples)
    report.ratio("(e) take-over / bare poller", samples["wovend"], samples["floor"], 1.25)
    report.ratio("(e) take-over by who waits / bare poller", samples["wovend, asked, busy leader"],
                 samples["floor, asked, busy holder"], 1.25)


def _timed(daemon, method, **params):
    began = time.perf_counter()
    result = daemon.ask(method, **params)
    took = time.perf_counter() - began
    if result.get("outcome", "done") != "done":
        raise measure.Failed(f"{method}: {result}")
    return took


def _step_down(pair):
    def once():
        leader, standby = pair.by_role()
        token, _ = pair.led_since()
        began = time.time()
        leader.ask("daemon.step_down")
        seconds = pair.wait_next(token, standby) - began
        pair.restart(leader)
        pair.by_role()
        return seconds
    return once


def _hand_over(bench, report):
    runs = bench.sizes.fleet_runs
    pair = Pair(bench, "hand", ["SELECT 1"] * (2 * runs + 8))

    def upgrade(on_leader):
        def once():
            leader, standby = pair.by_role()
            return _timed(leader if on_leader else standby, "migrate.upgrade", target="+1",
                          progress=False)
        return once

    samples = measure.interleave(runs, {
        "upgrade of one revision, asked on the leader": upgrade(True),
        "the same, asked on a standby": upgrade(False),
        "step-down to the next leader's first statement": _step_down(pair)})
    pair.stop()
    report.title("(e) hand-over")
    report.samples(samples)
    asked, passed, _ = samples.values()
    report.ratio("(e) upgrade with a hand-over / without", passed, asked)


NO_OP = {"migrate.upgrade": {"target": "head", "progress": False}, "daemon.ping": {}}


def _herd(bench, daemon, method):
    """Milliseconds of the median, of the 99th percentile, and of the slowest client."""
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": NO_OP[method]})
    done = subprocess.run([bench.programs.herd, daemon.socket, str(bench.sizes.herd), line],
                          capture_output=True, text=True, check=False)
    failed, *times = done.stdout.split() or ["all"]
    if failed != "0":
        raise measure.Failed(f"{failed} of {bench.sizes.herd} clients: {method} {done.stderr}")
    return [float(value) / 1000 for value in times]


def _connections_meanwhile(bench, daemon):
    """The most sessions that a look beside the herd saw; it is not timed."""
    most = 0
    with subprocess.Popen([bench.programs.herd, daemon.socket, str(bench.sizes.herd), json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "migrate.upgrade",
             "params": NO_OP["migrate.upgrade"]})], stdout=subprocess.DEVNULL) as herd:
        while herd.poll() is None:
            most = max(most, int(bench.cluster.sql(
                "postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = 'bench_e_herd'")))
    return most


def _pgbench(bench, script):
    """Seconds for as many sessions that connect, read the version table and leave."""
    clients = 20
    took = measure.run([bench.cluster.bindir / "pgbench", "-n", "-C", "-c", clients, "-j", 2, "-t",
                        bench.sizes.herd // clients, "-f", script,
                        bench.cluster.conninfo("bench_e_herd")], log=bench.dir / "e.log")
    return took


def _thousand(bench, report):
    bench.cluster.fresh_database("bench_e_herd")
    directory = bench.dir / "e_herd"
    revisions.write_woven(directory, revisions.make(20))
    daemon = tools.Daemon(bench.programs, directory, bench.cluster.conninfo("bench_e_herd"))
    bench.started.append(daemon)
    daemon.start()
    daemon.wait_ready()
    measure.run(daemon.ctl("migrate", "upgrade", "head"), log=bench.dir / "e.log")
    idle = daemon.memory()[0]
    script = directory / "select.sql"
    script.write_text("SELECT version_num FROM alembic_version;\n", encoding="utf-8")
    names = ("median", "99th percentile", "all")
    seen = {f"{method}, {name}": [] for method in NO_OP for name in names}

    def herd(method):
        def once():
            times = _herd(bench, daemon, method)
            for name, value in zip(names, times):
                seen[f"{method}, {name}"].append(value)
            return times[-1]
        return once

    sessions = measure.interleave(bench.sizes.runs, {
        **{method: herd(method) for method in NO_OP},
        "pgbench": lambda: _pgbench(bench, script)})["pgbench"]
    seen = {name: values[1:] for name, values in seen.items()}  # without the warm-up
    report.title(f"(e) {bench.sizes.herd} clients at once, each from its connect to its answer")
    report.samples({**seen, "as many sessions of pgbench, all": sessions})
    ours = seen["migrate.upgrade, all"]
    report.ratio("(e) no-op upgrades / sessions that read the version table", ours, sessions, 1.0)
    report.ratio("(e) no-op upgrades / pings", ours, seen["daemon.ping, all"])
    report.value("(e) memory that they cost at most", daemon.memory()[1] - idle, "MB", 10)
    report.value("(e) sessions of the daemon meanwhile", _connections_meanwhile(bench, daemon), "",
                 2)
    daemon.stop()


def case_e(bench, report):
    _take_over(bench, report)
    _hand_over(bench, report)
    _thousand(bench, report)
