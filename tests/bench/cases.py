"""The four cases. Each prints what it saw and adds its ratios to the report."""

import os
import statistics
import subprocess

import measure
import revisions
import tools

STATUS = '{"jsonrpc":"2.0","id":1,"method":"migrate.status"}'
PING = '{"jsonrpc":"2.0","id":1,"method":"daemon.ping"}'


def _stamped_daemon(bench, count):
    """A daemon whose database is at the head of `count` revisions."""
    database = f"bench_a_{count}"
    directory = bench.dir / f"a_{count}"
    bench.cluster.fresh_database(database)
    revisions.write_woven(directory, revisions.make(count))
    daemon = tools.Daemon(bench.programs, directory, bench.cluster.conninfo(database))
    daemon.start()
    bench.started.append(daemon)
    daemon.wait_ready()
    measure.run(daemon.ctl("migrate", "stamp", "head"), log=directory / "log")
    return daemon


def _small_commands(bench, report):
    daemons = {count: _stamped_daemon(bench, count) for count in bench.sizes.histories}
    some = next(iter(daemons.values()))
    log = bench.dir / "a.log"
    psql = [*bench.cluster.psql("postgres"), "-c", "select 1"]
    timed = {"nothing (/bin/true)": lambda: measure.run(["/bin/true"]),
             "bare socket, ping": lambda: measure.run([bench.programs.ask, some.socket, PING]),
             "bare socket, status": lambda: measure.run([bench.programs.ask, some.socket, STATUS]),
             "psql -c 'select 1'": lambda: measure.run(psql)}
    for count, daemon in daemons.items():
        for name, words in (("status", ("status",)), ("upgrade head", ("upgrade", "head"))):
            argv = daemon.ctl("migrate", *words)
            timed[f"{name}, {count} revisions"] = lambda argv=argv: measure.run(argv, log=log)
    samples = measure.interleave(bench.sizes.small_runs, timed, warm_up=2)
    report.samples(samples)
    psql_seconds = samples["psql -c 'select 1'"]
    for name in ("status", "upgrade head"):
        for count in daemons:
            report.ratio(f"(a) {name}, {count} revisions / psql select 1",
                         samples[f"{name}, {count} revisions"], psql_seconds, 0.3)
        few, many = min(daemons), max(daemons)
        report.ratio(f"(a) {name}, {many} / {few} revisions", samples[f"{name}, {many} revisions"],
                     samples[f"{name}, {few} revisions"], 1.1)
    return daemons


def _alembic_current(bench, report, daemons):
    if bench.programs.alembic is None:
        report.leave_out("alembic current", "not installed")
        return
    log = bench.dir / "a.log"
    for count, daemon in daemons.items():
        tool = tools.Alembic(f"alembic current {count}", bench, list(revisions.make(count)))
        tool.prepare()
        tool.alembic("stamp", "head")
        status = daemon.ctl("migrate", "status")
        ours, theirs = f"status, {count} revisions", f"alembic current, {count} revisions"
        # The stamp has warmed it up; with 10,000 revisions once is a minute.
        samples = measure.interleave(1 if count >= 10000 else bench.sizes.runs, {
            ours: lambda argv=status: measure.run(argv, log=log),
            theirs: lambda tool=tool: tool.alembic("current")}, warm_up=0)
        report.samples(samples)
        report.ratio(f"(a) status / alembic current, {count} revisions", samples[ours],
                     samples[theirs], 1.0)


def case_a(bench, report):
    report.title("(a) status and a no-op upgrade, whole process")
    daemons = _small_commands(bench, report)
    _alembic_current(bench, report, daemons)
    for daemon in daemons.values():
        daemon.stop()


def _competitors(bench, report, items):
    chosen = list(tools.FLOORS)
    if bench.ours:
        chosen = list(tools.OURS) + chosen
    for name, program, kind in tools.PEERS:
        if getattr(bench.programs, program) is None:
            report.leave_out(name, bench.npm_problem or "not installed")
        else:
            chosen.append((name, kind))
    return [kind(name, bench, items) for name, kind in chosen]


def _up_and_down(bench, report, competitors):
    up = {tool.name: [] for tool in competitors}
    down = {tool.name: [] for tool in competitors}
    for _ in range(bench.sizes.runs):
        for tool in competitors:
            if tool.name not in up:
                continue
            try:
                tool.prepare()
                up[tool.name].append(tool.up())
                if "c" in bench.only:
                    down[tool.name].append(tool.down())
            except measure.Failed as failure:
                report.leave_out(tool.name, str(failure).replace("\n", " ")[:300])
                up.pop(tool.name)
                down.pop(tool.name)
            finally:
                tool.finish()
    return up, down


def _against(report, case, samples, floor_aim):
    ours = samples.get("wovend")
    if not ours:
        return
    for name, seconds in samples.items():
        if name.startswith("wovend"):
            continue
        aim = floor_aim if name.startswith("libpq floor") else 1.0
        report.ratio(f"({case}) wovend / {name}", ours, seconds, aim)
    alone = samples.get("wovend, one transaction")
    for name, seconds in samples.items():
        if alone and name.endswith("one transaction") and not name.startswith("wovend"):
            report.ratio(f"({case}) wovend, one transaction / {name}", alone, seconds, 1.0)


def case_bc(bench, report):
    count = bench.sizes.revisions
    items = list(revisions.make(count))
    competitors = _competitors(bench, report, items)
    up, down = _up_and_down(bench, report, competitors)
    if "b" in bench.only:
        report.title(f"(b) upgrade of {count} revisions, whole process")
        report.samples(up, per=count)
        _against(report, "b", up, 1.1)
    if "c" in bench.only:
        report.title(f"(c) downgrade of {bench.sizes.down} of {count} revisions, whole process")
        report.samples(down, per=bench.sizes.down)
        _against(report, "c", down, None)


def _daemon_start(bench, report, count, directory, versions):
    database = "bench_d"
    bench.cluster.fresh_database(database)
    daemon = tools.Daemon(bench.programs, directory, bench.cluster.conninfo(database))
    bench.started.append(daemon)
    files = sorted(str(p) for p in versions.iterdir())
    resident, highest = [], []

    def start():
        seconds = daemon.start()
        daemon.wait_ready()
        measure.run(daemon.ctl("migrate", "status"), log=directory / "log", ok=(0, 3))
        now, most = daemon.memory()
        resident.append(now)
        highest.append(most)
        daemon.stop()
        return seconds

    check = [bench.programs.wovend, "--check", "-c", daemon.conf]
    samples = measure.interleave(bench.sizes.runs, {
        "sha256sum": lambda: measure.run(["sha256sum", *files]),
        "wovend --check": lambda: measure.run(check, log=directory / "log"),
        "wovend, exec to ping": start})
    report.samples(samples)
    report.ratio(f"(d) wovend --check / sha256sum, {count} files", samples["wovend --check"],
                 samples["sha256sum"], 1.0)
    report.ratio(f"(d) wovend start to ping / sha256sum, {count} files",
                 samples["wovend, exec to ping"], samples["sha256sum"], 1.0)
    report.value(f"(d) memory with {count} revisions, at most (VmHWM)",
                 statistics.median(highest), "MB", 30)
    report.value(f"(d) memory with {count} revisions, idle (VmRSS)", statistics.median(resident),
                 "MB", 30)


def _core(bench, versions):
    """What bench_core prints: pairs of a word and a number."""
    done = subprocess.run([bench.programs.core, versions], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise measure.Failed(done.stderr)
    words = done.stdout.split()
    return {name: float(value) for name, value in zip(words[::2], words[1::2])}


def _growth(bench, report):
    report.title("(d) growth of load and plan (the core alone), ms; us a revision in brackets")
    print(f"  {'':5} {'revisions':>9} {'load':>17} {'load again':>17} {'plan up':>17} "
          f"{'plan down':>17} {'peak MB':>8}")
    each = {}
    for shape in ("line", "web"):
        for count in bench.sizes.growth:
            directory = bench.dir / f"d_{shape}_{count}"
            versions = revisions.write_woven(directory, revisions.make(count, shape))
            seen = [_core(bench, versions) for _ in range(bench.sizes.runs)]
            middle = {name: statistics.median(run[name] for run in seen) for name in seen[0]}
            cells = [f"{middle[n]:9.1f} ({middle[n] * 1000 / count:5.1f})"
                     for n in ("load", "reload", "up", "down")]
            print(f"  {shape:5} {count:9} {' '.join(f'{c:>17}' for c in cells)} "
                  f"{middle['peak_kb'] / 1024:8.1f}", flush=True)
            each[shape, count] = middle
            if count != bench.sizes.many:
                bench.throw_away(directory)
    few, many = min(bench.sizes.growth), max(bench.sizes.growth)
    for shape in ("line", "web"):
        for what in ("load", "up", "down"):
            report.ratio(f"(d) {what}, {shape}: cost a revision at {many} / at {few}",
                         [each[shape, many][what] / many], [each[shape, few][what] / few], 2.0)


def case_d(bench, report):
    _growth(bench, report)
    if not bench.ours:
        return
    count = bench.sizes.many
    report.title(f"(d) start and load with {count} revisions, whole process")
    directory = bench.dir / f"d_line_{count}"
    _daemon_start(bench, report, count, directory, directory / "versions")


def load_average():
    return " ".join(f"{value:.1f}" for value in os.getloadavg())
