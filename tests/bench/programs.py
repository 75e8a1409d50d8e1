"""What is measured and where it is: our build, the peers of this machine, those of npm."""

import json
import shutil
import subprocess
from pathlib import Path

NPM_PACKAGES = ("dbmate", "node-pg-migrate", "pg")


class Programs:
    def __init__(self, source, build):
        self.build = Path(build)
        self.wovend = self.build / "daemon" / "wovend"
        self.wovenctl = self.build / "client" / "wovenctl"
        self.template = Path(source) / "migrations" / "script.sql.in"
        self.alembic = shutil.which("alembic", path="/usr/bin") or shutil.which("alembic")
        self.dbmate = shutil.which("dbmate")
        self.node_pg_migrate = None
        self.schema_diff = self.inspect_dump = None
        self.floor = self.core = self.ask = self.lock = self.herd = None

    def build_tools(self):
        """The small C programs; the rest of the build is taken as it is."""
        subprocess.run(["cmake", "--build", str(self.build), "--target", "bench_tools"], check=True,
                       stdout=subprocess.DEVNULL)
        where = self.build / "tests" / "bench"
        self.schema_diff = self.build / "tests" / "schema_diff"
        self.inspect_dump = self.build / "tests" / "inspect_dump"
        for name in ("floor", "core", "ask", "lock", "herd"):
            setattr(self, name, where / f"bench_{name}")

    def ours_missing(self):
        return [str(p) for p in (self.wovend, self.wovenctl) if not p.exists()]

    def find_npm_peers(self, directory):
        """Uses what is in `directory`, else asks npm to put it there. Returns why it could not."""
        modules = Path(directory) / "node_modules"
        if not modules.is_dir():
            if not shutil.which("npm"):
                return "npm is not installed"
            done = subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                 str(directory), *NPM_PACKAGES], stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=180, check=False)
            if done.returncode != 0:
                return f"npm install failed: {done.stderr.strip().splitlines()[-1:]}"
        found = sorted(modules.glob("@dbmate/*/bin/dbmate"))
        self.dbmate = str(found[0]) if found else self.dbmate
        node = modules / "node-pg-migrate" / "bin" / "node-pg-migrate.js"
        if not node.exists():
            node = (modules / ".bin" / "node-pg-migrate").resolve()
        self.node_pg_migrate = str(node) if node.exists() and shutil.which("node") else None
        return None

    def versions(self):
        """What was measured, in one line each."""
        for name, program in (("alembic", self.alembic), ("dbmate", self.dbmate)):
            if program:
                done = subprocess.run([program, "--version"], capture_output=True, text=True,
                                      check=False)
                yield name, (done.stdout or done.stderr).split()[-1]
        if self.node_pg_migrate:
            package = Path(self.node_pg_migrate).parent.parent / "package.json"
            yield "node-pg-migrate", json.loads(package.read_text())["version"]
