"""The migration tools whose files wovenctl takes over, run as their users run them, and `import`."""

import os
import pathlib
import shutil
import subprocess

import pytest

from .cluster import SUPERUSER
from .daemon import BAD_IN_LOG, Result
from .programs import PATIENCE, ROOT, WOVENCTL, clean_environment

# What each tool keeps in the database for itself.
OWN_TABLES = ("alembic_version", "schema_migrations", "pgmigrations", "goose_db_version")
OWN_SCHEMAS = ("woven", "sqitch")


def tool(name):
    """The program, or the test is skipped by its name."""
    found = shutil.which(name, path=f"{ROOT / 'build/npm/node_modules/.bin'}:{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name} is not installed (scripts/setup)")
    return found


def run_tool(name, *arguments, database, folder, expect=0, **env):
    """Runs a tool in its project's folder, with the database in the environment of libpq."""
    environment = clean_environment(
        PGHOST=str(database.cluster.sockets), PGUSER=SUPERUSER, PGDATABASE=database.name,
        SQITCH_FULLNAME="A Tester", SQITCH_EMAIL="tester@example.org", HOME=str(folder),
        NODE_PATH=str(ROOT / "build/npm/node_modules"), **env)
    done = subprocess.run([tool(name), *arguments], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=60 * PATIENCE)
    assert done.returncode == expect, f"{name} {arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


def import_from(name, folder, into, *options, expect=0, json_output=True, **more):
    """Runs wovenctl import."""
    command = [WOVENCTL, "import", name, str(folder), "--into", str(into), *options]
    command += ["--json"] if json_output else []
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, timeout=60 * PATIENCE,
                          **{"env": clean_environment(), **more})
    bad = BAD_IN_LOG.search(done.stderr)
    assert bad is None, done.stderr
    result = Result(done)
    assert expect is None or result.status == expect, f"import {name}: {result}"
    return result


def schema_of(database):
    """The schema without what the tools keep for themselves."""
    options = [f"--exclude-table={table}*" for table in OWN_TABLES]
    options += [f"--exclude-schema={schema}" for schema in OWN_SCHEMAS]
    return database.dump(*options)


def write_files(folder, files):
    """Writes {name: text}; bytes stay as they are."""
    for name, text in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return pathlib.Path(folder)
