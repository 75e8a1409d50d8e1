"""Random schemas with random edits: the engine leads there and back, judged by pg_dump. A hundred
pairs; WOVEN_PAIRS=3000 for a long run, WOVEN_SEED=N for the same pairs again."""

import os
import random

import pytest

from rig.programs import SANITIZER
from rig.random_schema import Schema
from rig.schema_judge import ROLES, lead, make, segments

PAIRS = int(os.environ.get("WOVEN_PAIRS", "10" if SANITIZER else "100"))
SEED = int(os.environ.get("WOVEN_SEED", random.randrange(10**6)))


@pytest.fixture(scope="module", autouse=True)
def roles(cluster):
    database = cluster.new_database()
    for role in ROLES:
        database.run(f"CREATE ROLE {role}")


def edited(seed):
    """A schema, another, and the edits between them."""
    source = random.Random(seed)
    old = Schema(source)
    new = old.copy()
    return old.sql(), new, [new.edit() for _ in range(source.randint(1, 6))]


@pytest.mark.parametrize("seed", range(SEED, SEED + PAIRS))
def test_pair(cluster, seed):
    old, new, edits = edited(seed)
    print(f"WOVEN_SEED={seed} WOVEN_PAIRS=1: {edits}")
    first, second, work = make(cluster, old), make(cluster, new.sql()), make(cluster, old)
    if segments(first, second) == []:
        return  # the edits undid one another
    lead(work, second)
    lead(work, first, "--plain")
