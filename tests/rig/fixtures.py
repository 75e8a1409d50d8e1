"""Pytest's fixtures: a cluster for each test file, a Rig for each test."""

import os
import shutil
import subprocess

import pytest

from .cluster import Cluster
from .daemon import Daemon
from .places import new_folder
from .pooler import Pooler
from .project import Project


class Rig:
    """Makes what a test needs and takes it down after it, in reverse order."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.folder = new_folder("woven-")
        self.daemons = []
        self.cleanups = []
        self.projects = 0

    def database(self):
        if not self.cluster.running:
            self.cluster.start()
        return self.cluster.new_database()

    def project(self, **settings):
        self.projects += 1
        return Project(self.folder / f"p{self.projects}", **settings)

    def daemon(self, project, database, *, start=True, **more):
        """`database` is a Database or a connection string."""
        conninfo = getattr(database, "conninfo", database)
        name = f"wovend{len(self.daemons) + 1}"
        daemon = Daemon(project, self.folder, name, conninfo, **more)
        self.daemons.append(daemon)
        return daemon.start() if start else daemon

    def leader(self, project, database, **more):
        daemon = self.daemon(project, database, **more)
        daemon.wait_role("leader")
        return daemon

    def simple(self, tables=3, **more):
        """A history of plain tables, an empty database and a daemon that leads."""
        project = self.project()
        project.add_tables(tables)
        database = self.database()
        return project, database, self.leader(project, database, **more)

    def pooler(self, database, mode):
        pooler = Pooler(self.cluster, mode)
        self.cleanups.append(pooler.remove)
        return pooler.start(database)

    def defer(self, action):
        self.cleanups.append(action)

    def close(self):
        failures = []
        for action in reversed(self.cleanups):
            action()
        for daemon in reversed(self.daemons):
            try:
                daemon.stop()
            except BaseException as error:  # pylint: disable=broad-except
                failures.append(error)
                if daemon.running:
                    daemon.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        if failures:
            raise failures[0]


@pytest.fixture(scope="session", name="cluster")
def _cluster():
    cluster = Cluster()
    try:
        yield cluster.start()
    finally:
        cluster.remove()


@pytest.fixture(name="sudo")
def _sudo(rig):
    """A program with the setuid bit that runs its arguments as root through and through."""
    if os.getuid() != 0:
        pytest.skip("needs root, to make a program with the setuid bit")
    source = rig.folder / "sudo.c"
    source.write_text("#define _GNU_SOURCE\n#include <unistd.h>\nint main(int argc, char **argv)\n"
                      "{ return argc < 2 || setresuid(0, 0, 0) != 0 || execv(argv[1], argv + 1); }\n")
    program = rig.folder / "sudo"
    subprocess.run(["cc", "-o", program, source], check=True)
    program.chmod(0o4755)
    return program


@pytest.fixture(name="rig")
def _rig(cluster, request):
    rig = Rig(cluster)
    request.node.woven_rig = rig
    yield rig
    rig.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows what the daemons said."""
    outcome = yield
    report = outcome.get_result()
    rig = getattr(item, "woven_rig", None)
    if report.failed and rig is not None:
        for daemon in rig.daemons:
            report.sections.append((f"log of {daemon.name}", daemon.log_tail()))
