"""Leads a database from one schema to another by what the engine writes, and judges the result by
pg_dump, which shares no code with the engine."""

import json
import re
import subprocess

from .programs import BUILD, postgres_program

DIFF = str(BUILD / "tests" / "schema_diff")
OPTIONS = re.compile(r"WITH \(([^()]*)\)")  # storage parameters have no order
ROLES = ("woven_anna", "woven_bert", '"woven ""c"", TO d"')


def make(cluster, text):
    database = cluster.new_database()
    subprocess.run([postgres_program("psql"), "-Xqv", "ON_ERROR_STOP=1", "-f", "-",
                    database.conninfo], input=text, text=True, check=True)
    return database


def segments(before, after, *options):
    answer = subprocess.run([DIFF, *options, before.conninfo, after.conninfo],
                            capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def apply(database, found):
    """Each segment as its revision would run: in one transaction, or statement by statement."""
    for segment in found:
        lines = [item["sql"] + ";" for item in segment["statements"]]
        head = "SET check_function_bodies = off;\n"
        script = head + "\n".join(lines if segment["alone"] else ["BEGIN;", *lines, "COMMIT;"])
        done = subprocess.run([postgres_program("psql"), "-Xqv", "ON_ERROR_STOP=1", "-f", "-",
                               database.conninfo], input=script, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, f"{done.stderr}\n{script}"


def dump(database):
    """pg_dump's text, without its own marks, the order of columns, and separate statements sorted:
    what differs is the schema alone."""
    text = subprocess.run([postgres_program("pg_dump"), "--schema-only", "-d", database.conninfo],
                          capture_output=True, text=True, check=True).stdout
    kept = [line for line in text.splitlines()
            if line and not line.startswith(("--", "\\restrict", "\\unrestrict", "SET ",
                                             "SELECT pg_catalog.set_config"))]
    blocks, block = [], []
    for line in kept:
        line = OPTIONS.sub(lambda found: f"WITH ({', '.join(sorted(found[1].split(', ')))})", line)
        block.append(line.rstrip(","))
        if line.endswith(";"):
            body = sorted(block[1:-1]) if block[0].startswith("CREATE TABLE") else block[1:-1]
            blocks.append("\n".join([block[0], *body, *(block[-1:] if len(block) > 1 else [])]))
            block = []
    return sorted(blocks + ["\n".join(block)])


def usable(database):
    """What pg_dump does not tell: which materialized views can be read, which indexes serve."""
    text = database.value(
        "SELECT string_agg(c.oid::regclass::text, E'\\n') FROM pg_class c"
        " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
        " WHERE (c.relkind = 'm' AND c.relispopulated) OR (c.relkind IN ('i', 'I') AND"
        " i.indisvalid AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace))")
    return set((text or "").split("\n"))


def lead(work, target, *options):
    found = segments(work, target, *options)
    assert found, "the engine sees no difference"
    apply(work, found)
    assert segments(work, target) == [], f"never converges; written was {json.dumps(found, indent=1)}"
    assert dump(work) == dump(target), f"written was {json.dumps(found, indent=1)}"
    assert usable(target) <= usable(work), f"written was {json.dumps(found, indent=1)}"
