"""Old and new schemas of tests/corpus/schema: what the engine writes leads from one to the other and
back, in both of its forms. The judge is pg_dump, which shares no code with the engine."""

import json
import pathlib
import re
import subprocess

import pytest

from rig.programs import BUILD, SANITIZER, postgres_program

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "corpus" / "schema"
SECTION = re.compile(r"^-- (both|old|new):$", re.M)
DIFF = str(BUILD / "tests" / "schema_diff")
OPTIONS = re.compile(r"WITH \(([^()]*)\)")  # storage parameters have no order
ROLES = ("woven_anna", "woven_bert")


def cases():
    """All of them; the engine is one program: under a sanitizer, which is slow, some will do."""
    found = sorted(path.stem for path in CORPUS.glob("*.sql"))
    return found[::6] if SANITIZER else found


def sections(name):
    """The SQL of the old schema and that of the new one."""
    parts = SECTION.split((CORPUS / f"{name}.sql").read_text())[1:]
    found = dict(zip(parts[::2], parts[1::2]))
    both = found.pop("both", "")
    assert set(found) == {"old", "new"}, f"{name}: a section is missing"
    return both + found["old"], both + found["new"]


@pytest.fixture(scope="module", autouse=True)
def roles(cluster):
    database = cluster.new_database()
    for role in ROLES:
        database.run(f"CREATE ROLE {role}")


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


def lead(work, target, *options):
    found = segments(work, target, *options)
    assert found, "the engine sees no difference"
    apply(work, found)
    assert segments(work, target) == [], f"never converges; written was {json.dumps(found, indent=1)}"
    assert dump(work) == dump(target), f"written was {json.dumps(found, indent=1)}"


@pytest.mark.parametrize("name", cases())
def test_pair(cluster, name):
    """There in the forms for tables in use, back in the plain ones."""
    old, new = sections(name)
    first, second, work = make(cluster, old), make(cluster, new), make(cluster, old)
    assert segments(first, work) == []
    lead(work, second)
    lead(work, first, "--plain")
