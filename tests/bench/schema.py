"""Case f: reading a schema and finding that nothing differs, against the bare catalog queries, and
against Alembic's autogenerate on the same tables."""

import os
import statistics
import subprocess
import time

import measure

# Of one table: what it is made of is counted by the reader itself. The keys make a tree: SQLAlchemy follows
# them by recursion, and a line of 1,000 tables is too deep for it.
TABLE = """
CREATE TABLE t{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id bigint REFERENCES t{up} (id),
    name varchar(80) NOT NULL, kind text NOT NULL DEFAULT 'plain', amount numeric(12,2),
    made_at timestamptz NOT NULL DEFAULT now(), note text, is_open boolean NOT NULL DEFAULT true,
    CONSTRAINT t{n}_name_key UNIQUE (name), CONSTRAINT t{n}_amount_check CHECK (amount > 0));
CREATE INDEX t{n}_owner ON t{n} (owner_id);
CREATE INDEX t{n}_open ON t{n} (made_at) WHERE is_open;
COMMENT ON TABLE t{n} IS 'Table {n}.';
"""

ALEMBIC = """
import sys, time
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
engine = sqlalchemy.create_engine(sys.argv[1])
metadata = sqlalchemy.MetaData()
metadata.reflect(engine)
with engine.connect() as connection:
    context = MigrationContext.configure(connection)
    began = time.perf_counter()
    compare_metadata(context, metadata)
    print(time.perf_counter() - began)
"""


def _make(bench, count):
    """Two equal databases of so many tables."""
    name = f"bench_f_{count}"
    bench.cluster.fresh_database(name)
    script = bench.dir / f"{name}.sql"
    with script.open("w", encoding="utf-8") as file:
        for number in range(count):
            end = "" if number % 100 else "BEGIN;" if number == 0 else "COMMIT; BEGIN;"
            file.write(end + TABLE.format(n=number, up=number // 2))
        file.write("COMMIT; ANALYZE;")
    measure.run([*bench.cluster.psql(name), "-qf", script], log=bench.dir / "f.log")
    bench.cluster.fresh_database(f"{name}_b", template=name)
    return name


class Resident:
    """A program that has both schemas read and connections that stay, as Alembic has its metadata and
    its connection when it is asked: each answer reads one database anew and compares."""

    def __init__(self, program, one, other):
        self.process = subprocess.Popen([program, "--serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.line = f"online\t{one}\t={other}\n"
        self.answer()

    def answer(self):
        began = time.perf_counter()
        self.process.stdin.write(self.line)
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        if said != "[]\n":
            raise measure.Failed(f"schema_diff: {said or 'ended'}")
        return time.perf_counter() - began

    def end(self):
        self.process.communicate()


def _peak(argv):
    """Megabytes of a process at its largest."""
    process = subprocess.Popen([str(a) for a in argv], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise measure.Failed(f"{argv[0]}: wait status {status}")
    return usage.ru_maxrss / 1024


def _alembic(bench, name, script):
    url = f"postgresql+psycopg2://{bench.cluster.role}@/{name}?host={bench.cluster.dir}"
    python = "/usr/bin/python3"
    done = subprocess.run([python, str(script), url], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise measure.Failed(f"alembic: {done.stderr[-500:]}")
    return float(done.stdout)


def _one_size(bench, report, count):
    name = _make(bench, count)
    programs, log = bench.programs, bench.dir / "f.log"
    one, other = bench.cluster.conninfo(name), bench.cluster.conninfo(f"{name}_b")
    objects = int(subprocess.run([str(programs.inspect_dump), "--count", one], check=True,
                                 capture_output=True, text=True).stdout)
    queries = bench.dir / "catalog_queries"
    queries.write_bytes(subprocess.run([str(programs.inspect_dump), "--queries"], check=True,
                                       capture_output=True).stdout)
    report.title(f"(f) {count} tables, {objects} objects")
    resident = Resident(programs.schema_diff, one, other)
    timed = {"read": lambda: measure.run([programs.inspect_dump, "--count", one], log=log),
             "bare catalog queries": lambda: measure.run([programs.floor, one, queries], log=log),
             "both read and compared": lambda: measure.run([programs.schema_diff, one, other],
                                                           log=log),
             "one read and compared, resident": resident.answer}
    if programs.alembic and count <= bench.sizes.alembic_tables:
        script = bench.dir / "alembic_compare.py"
        script.write_text(ALEMBIC, encoding="utf-8")
        timed["alembic, one read and compared"] = lambda: _alembic(bench, name, script)
    samples = measure.interleave(bench.sizes.runs, timed)
    resident.end()
    report.samples(samples)
    report.ratio(f"(f) read / bare queries, {count} tables", samples["read"],
                 samples["bare catalog queries"], 2)
    if "alembic, one read and compared" in samples:
        for ours, aim in (("one read and compared, resident", 1 / 20),
                          ("both read and compared", None)):
            report.ratio(f"(f) {ours} / alembic, {count} tables", samples[ours],
                         samples["alembic, one read and compared"], aim)
    print(f"  memory: {_peak([programs.inspect_dump, '--count', one]):.0f} MB for one read, "
          f"{_peak([programs.schema_diff, one, other]):.0f} MB for both; "
          f"{statistics.median(samples['read']) * 1e6 / objects:.1f} us an object", flush=True)


def case_f(bench, report):
    if bench.programs.alembic is None:
        report.leave_out("alembic autogenerate", "not installed")
    for count in bench.sizes.tables:
        _one_size(bench, report, count)
