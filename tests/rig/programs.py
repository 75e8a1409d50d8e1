"""Where the programs are. CTest names those of its own build; by hand the debug build serves."""

import functools
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WOVEN_BUILD", ROOT / "build" / "debug")).resolve()
WOVEND = os.environ.get("WOVEND", str(BUILD / "daemon" / "wovend"))
WOVENCTL = os.environ.get("WOVENCTL", str(BUILD / "client" / "wovenctl"))
MIGRATIONS = ROOT / "migrations"

# A sanitizer makes everything slower; times that a test allows grow with it.
SANITIZER = os.environ.get("WOVEN_SANITIZE", "")
PATIENCE = float(os.environ.get("WOVEN_PATIENCE", "6" if SANITIZER else "3"))


def postgres_program(name):
    """A program of the PostgreSQL in WV_TEST_PGBIN or, where that has none, of the newest installed."""
    chosen = [pathlib.Path(os.environ["WV_TEST_PGBIN"])] if "WV_TEST_PGBIN" in os.environ else []
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in chosen + installed:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name}: PostgreSQL is not installed; run scripts/setup")
    return found


@functools.cache
def postgres_version(name="postgres"):
    """The major version of such a program: 15. pg_dump's may be another than the server's."""
    said = subprocess.run([postgres_program(name), "--version"], check=True, capture_output=True,
                          text=True).stdout
    return int(re.search(r"\(PostgreSQL\) (\d+)", said)[1])


def clean_environment(**more):
    """The environment for a program under test: nothing of the caller's PG* or WOVEN_*."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PG", "WOVEN", "LISTEN_", "NOTIFY_", "WATCHDOG_", "JOURNAL_"))
    }
    env["LC_ALL"] = "C.UTF-8"
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    env.update(more)
    return env
