"""Several who write revisions of one project at the same time: one line of revisions comes of it."""

import contextlib
import fcntl
import os
import signal

import pytest

from rig.schema import BASE, of_one_table
from rig.waiting import wait_until


@contextlib.contextmanager
def locked(project, how=0):
    """Holds what keeps others from writing; `how` may be not to wait for it."""
    folder = os.open(project.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(folder)


def has_open(process, folder):
    with contextlib.suppress(OSError):
        base = f"/proc/{process.pid}/fd"
        return any(os.readlink(f"{base}/{name}") == str(folder) for name in os.listdir(base))
    return False


def comes_to_write(process, project):
    """It has been told what to write, and waits for its turn."""
    wait_until(lambda: has_open(process, project.folder.resolve()) or process.poll() is not None,
               "the client to wait for its turn", 60)
    assert process.poll() is None, process.communicate()


def end(process, expect=0):
    out, err = process.communicate(timeout=120)
    assert process.returncode == expect, out + err
    return out, err


def heads(daemon):
    return [r["revision"] for r in daemon.ctl("migrate", "heads").json["revisions"]]


def test_each_goes_on_from_the_one_before(rig):
    project, _, daemon = rig.simple(1)
    with locked(project):
        processes = [daemon.ctl_process("migrate", "revision", "-m", f"At once {n}") for n in range(3)]
        for process in processes:
            comes_to_write(process, project)
    for process in processes:
        end(process)
    assert len(list(project.versions.glob("*at_once*"))) == 3
    assert len(heads(daemon)) == 1
    listed = daemon.ctl("migrate", "history").json["revisions"]
    assert [r["down_revision"] for r in listed[:3]] == [[r["revision"]] for r in listed[1:]]


def test_a_second_merge_finds_nothing_to_merge(rig):
    project, _, daemon = rig.simple(1)
    for name in ("left", "right"):
        project.add("", "", revision=name, down_revision=project.ids[0])
    with locked(project):
        processes = [daemon.ctl_process("migrate", "merge", "heads") for _ in range(2)]
        for process in processes:
            comes_to_write(process, project)
    for process in processes:
        process.wait(60)
    assert sorted(process.returncode for process in processes) == [0, 1]
    assert len(heads(daemon)) == 1


def test_whoever_does_not_end_is_not_waited_for(rig):
    project, _, daemon = rig.simple(1)
    before = sorted(project.versions.iterdir())
    with locked(project):
        error = daemon.ctl("--timeout", "300ms", "migrate", "revision", expect=5).error
    assert error["code"] == "TIMED_OUT" and str(project.folder) in error["hint"]
    assert sorted(project.versions.iterdir()) == before


@pytest.fixture(name="schema")
def _schema(rig):
    schema = of_one_table(rig)
    schema.model("b.sql", "CREATE TABLE b ();\n")
    return schema


def begin(schema):
    return schema.daemon.ctl_process("migrate", "revision", "--autogenerate", "-m", "Add b",
                                     json_output=False)


def test_what_was_proven_on_older_heads_is_made_again(schema):
    """The other one makes a part of what is missing."""
    schema.model("c.sql", "CREATE TABLE c ();\n")
    with locked(schema.project):
        process = begin(schema)
        comes_to_write(process, schema.project)
        other = schema.project.add("CREATE TABLE c ();", "DROP TABLE c;")
    _, err = end(process)
    assert "made again" in err
    [path] = schema.project.versions.glob("*add_b.sql")
    assert f"-- down_revision: {other}\n" in path.read_text()
    assert "public.b" in path.read_text() and "public.c" not in path.read_text()
    assert schema.check()["clean"] is True


def test_of_two_with_the_same_models_the_second_has_nothing_to_do(schema):
    with locked(schema.project):
        processes = [begin(schema), begin(schema)]
        for process in processes:
            comes_to_write(process, schema.project)
    outs = sorted(end(process)[0] for process in processes)
    assert outs[0].endswith("add_b.sql\n") and outs[1].startswith("Nothing to do")
    assert len(list(schema.project.versions.glob("*add_b*"))) == 1
    assert len(heads(schema.daemon)) == 1


def test_the_first_revision_of_all(schema):
    """No head is another state than one head."""
    for path in schema.project.versions.iterdir():
        path.unlink()
    with locked(schema.project):
        process = begin(schema)
        comes_to_write(process, schema.project)
        schema.project.ids.clear()
        schema.project.add(BASE, "DROP TABLE a;")
    assert "made again" in end(process)[1]
    assert len(heads(schema.daemon)) == 1 and schema.check()["clean"] is True


def test_it_gives_up_when_others_never_end(schema):
    with locked(schema.project):
        process = begin(schema)
        comes_to_write(process, schema.project)
        schema.project.add("SELECT 1;")
    for _ in range(2):
        wait_until(lambda: not has_open(process, schema.project.folder.resolve()),
                   "the client to see the other revision")
        with locked(schema.project):
            comes_to_write(process, schema.project)
            schema.project.add("SELECT 1;")
    _, err = end(process, expect=1)
    assert err.count("made again") == 2 and "nothing was written" in err
    assert list(schema.project.versions.glob("*add_b*")) == []


def test_ctrl_c_while_it_waits_for_its_turn(schema):
    with locked(schema.project):
        process = begin(schema)
        comes_to_write(process, schema.project)
        process.send_signal(signal.SIGINT)
        _, err = end(process, expect=7)
    assert "nothing was written" in err
    assert list(schema.project.versions.glob("*add_b*")) == []


def is_locked(project):
    try:
        with locked(project, fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 7), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_while_the_daemon_does_not_answer(schema, number, status):
    """It is asked once more when the lock is there."""
    with locked(schema.project):
        process = begin(schema)
        comes_to_write(process, schema.project)
        os.kill(schema.daemon.process.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: is_locked(schema.project), "the client's turn")
        process.send_signal(number)
        process.wait(30)
    finally:
        os.kill(schema.daemon.process.pid, signal.SIGCONT)
    end(process, expect=status)
    assert list(schema.project.versions.glob("*add_b*")) == []
