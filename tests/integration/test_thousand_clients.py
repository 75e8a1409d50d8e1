"""A thousand clients of one daemon: they wait for a schema, or ask for one that is there already."""

import contextlib
import os
import pwd
import re
import resource

import pytest

from rig.programs import SANITIZER
from rig.waiting import wait_until

CLIENTS = 1000


@pytest.fixture(name="files")
def _files():
    """A descriptor for each client, in the test as in the daemon, which raises its own limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CLIENTS + 200
    if resource.RLIM_INFINITY != hard < wanted:
        pytest.skip(f"no more than {hard} open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(daemon, what):
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what)) / 1024


def connections(database):
    return database.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
                          "'client backend' AND pid <> pg_backend_pid()")


def log_statements(database, which):
    database.run(f"ALTER SYSTEM SET log_statement = '{which}'")
    database.run("SELECT pg_reload_conf()")
    wait_until(lambda: database.value("SHOW log_statement") == which, "the server to log")


def statements(rig):
    return len(re.findall(r"(?:statement|execute)[^:\n]*: ", rig.cluster.log.read_text()))


@contextlib.contextmanager
def as_service_user():
    """What connects is taken for a user other than root, whose number of clients is limited."""
    root = os.geteuid()
    if root == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    yield
    os.seteuid(root)


@pytest.mark.usefixtures("files")
def test_thousand_wait_for_one_schema(rig):
    project, database, first = rig.simple(2)
    second = rig.daemon(project, database, settings={"socket_mode": "0666"})
    second.wait_role("standby")
    idle = memory(second, "VmRSS")
    before = connections(database)
    log_statements(database, "all")
    began = statements(rig)
    waiting = []
    for _ in range(CLIENTS):
        with as_service_user():
            client = second.client()
        rig.defer(client.close)
        waiting.append((client, client.request("migrate.wait", target="head")))
    for client, _ in waiting:
        assert client.wait_event("waiting")["leader"]["pid"] == first.process.pid
    assert second.call("daemon.status")["clients"] == CLIENTS + 1
    assert connections(database) == before == 4
    # Another host brings it: one look answers all, and no client asks again.
    first.ctl("migrate", "upgrade", project.ids[0])
    assert second.status()["state"] == "behind"
    first.ctl("migrate", "upgrade", "head")
    for client, request in waiting:
        result = client.answer(request)["result"]
        assert result["target"] == ["head"] and result["current"] == [project.ids[1]]
    assert connections(database) == before
    log_statements(database, "none")
    assert 0 < statements(rig) - began < CLIENTS / 2
    if not SANITIZER:
        assert memory(second, "VmHWM") - idle < 30, "MB"


@pytest.mark.usefixtures("files")
def test_thousand_ask_for_what_is_there(rig):
    """As applications that start together do: none is turned away."""
    project, database, daemon = rig.simple(2)
    daemon.ctl("migrate", "upgrade", "head")
    asking = []
    for _ in range(CLIENTS):
        client = daemon.client()
        rig.defer(client.close)
        asking.append((client, client.request("migrate.upgrade", target="head")))
    for client, request in asking:
        assert client.answer(request)["result"]["outcome"] == "nothing-to-do"
    assert connections(database) == 2
    assert database.heads() == [project.ids[1]]
