"""Old and new schemas of tests/corpus/schema: what the engine writes leads from one to the other and
back, in both of its forms. The judge is pg_dump, which shares no code with the engine."""

import contextlib
import pathlib
import re

import psycopg2
import pytest

from rig.programs import SANITIZER, postgres_version
from rig.schema_judge import ROLES, lead, make, segments

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "corpus" / "schema"
VERSIONS = re.compile(r"^-- (since|until) (\d+)$", re.M)
SECTION = re.compile(r"^-- (both|old|new|refused|refused back):$", re.M)


def names():
    """Those that are possible on the server that the tests use."""
    return sorted(path.stem for path in CORPUS.glob("*.sql") if is_possible(path.read_text()))


def is_possible(text):
    bounds = {word: int(version) for word, version in VERSIONS.findall(text)}
    return bounds.get("since", 0) <= postgres_version() <= bounds.get("until", 99)


def cases():
    """All of them; the engine is one program: under a sanitizer, which is slow, some will do."""
    found = [name for name in names() if "refused" not in split(name)]
    return found[::6] if SANITIZER else found


def split(name):
    parts = SECTION.split((CORPUS / f"{name}.sql").read_text())[1:]
    return dict(zip(parts[::2], parts[1::2]))


def sections(name):
    """The SQL of the old schema and that of the new one."""
    found = split(name)
    both = found.pop("both", "")
    assert set(found) >= {"old", "new"}, f"{name}: a section is missing"
    return both + found["old"], both + found["new"]


@pytest.fixture(scope="module", autouse=True)
def roles(cluster):
    database = cluster.new_database()
    for role in ROLES:
        database.run(f"CREATE ROLE {role}")


@pytest.fixture(name="made")
def _made(cluster):
    """Makes databases with schemas, which go with the test: there is one for each, made of nothing."""
    databases = []

    def made(text):
        databases.append(make(cluster, text))
        return databases[-1]
    yield made
    for database in databases:
        # A subscription, which is an object of the whole server, keeps its database.
        with contextlib.suppress(psycopg2.errors.ObjectInUse):
            cluster.drop_database(database)


@pytest.mark.parametrize("name", cases())
def test_pair(made, name):
    """There in the forms for tables in use, back in the plain ones, if there is a way back."""
    old, new = sections(name)
    first, second, work = made(old), made(new), made(old)
    assert segments(first, work) == []
    lead(work, second)
    if "refused back" in split(name):
        check_refused(second, first, split(name)["refused back"])
    else:
        lead(work, first, "plain")


def check_refused(first, second, message):
    with pytest.raises(AssertionError) as refused:
        segments(first, second)
    assert message.strip() in str(refused.value)


@pytest.mark.parametrize("name", [name for name in names() if "refused" in split(name)])
def test_refused(made, name):
    """What cannot be written without loss, or in any order, is an error that says why."""
    old, new = sections(name)
    check_refused(made(old), made(new), split(name)["refused"])
