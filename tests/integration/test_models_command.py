"""models_command: models that a program prints."""

import os
import re
import textwrap

import pytest

from rig.daemon import run_daemon
from rig.schema import leftovers, scratch_of
from rig.waiting import wait_until

TABLE = "CREATE TABLE a (id integer PRIMARY KEY, name text);"


class Printed:
    """A project whose models are what a script prints."""

    def __init__(self, rig):
        os.chmod(rig.folder, 0o755)
        self.rig = rig
        self.project = rig.project()
        self.project.add(TABLE, "DROP TABLE a;")
        self.daemon = rig.leader(self.project, rig.database(), settings={
            "scratch": scratch_of(rig.cluster), "models_command": ["bin/print", "with", "two words"]})
        self.script = self.project.folder / "bin" / "print"
        self.script.parent.mkdir()

    def prints(self, body):
        self.script.write_text("#!/bin/sh\n" + textwrap.dedent(body), encoding="utf-8")
        self.script.chmod(0o755)
        self.script.parent.chmod(0o755)

    def check(self, expect=0):
        done = self.daemon.ctl("migrate", "check", expect=expect)
        assert leftovers(self.rig.cluster) == []
        return done.json if expect in (0, 3) else done.error


@pytest.fixture(name="printed")
def _printed(rig):
    return Printed(rig)


def test_what_it_prints_is_the_models(printed):
    printed.prints(f"echo '{TABLE}'")
    assert printed.check()["clean"] is True
    printed.prints(f"echo '{TABLE} CREATE TABLE b ();'")
    assert [item["object"] for item in printed.check(expect=3)["changes"]] == ["public.b"]
    found = printed.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x").json
    assert found["proven"] is True
    found = printed.daemon.ctl("migrate", "diff", "models", "head").json
    assert found["clean"] is True


def test_who_runs_it_where_and_with_what(printed):
    """Its view has what it is told and sees: every part is a column of its own."""
    printed.prints("""\
        echo "CREATE VIEW seen AS SELECT 1 AS \\"uid $(id -u)\\", 2 AS \\"in $(basename "$PWD")\\","
        echo "3 AS \\"$*, $#\\", 4 AS \\"$(env | grep -v ^PWD= | cut -d= -f1 | sort | tr '\\n' ' ')\\","
        echo "5 AS \\"input $(wc -c)\\";"
        """)
    found = printed.check(expect=3)
    text = " ".join(item["sql"] for item in found["statements"])
    uid = int(re.search(r'"uid (\d+)"', text).group(1))
    assert uid == os.geteuid() or (os.geteuid() == 0 and 61184 <= uid < 65520)
    for part in (f'"in {printed.project.folder.name}"', '"with two words, 2"',
                 '"input 0"'):
        assert part in text, (part, text)
    assert "WOVEN" not in text and "PG" not in text and "HOME LC_ALL PATH" in text.replace("OLDPWD ", "")


def test_faults_have_the_line_of_its_output(printed):
    printed.prints(f"echo '{TABLE}'; echo; echo 'CREATE TABLE b (x nothing);'")
    error = printed.check(expect=1)
    assert error["code"] == "LOAD_ERROR"
    [problem] = error["problems"]
    assert (problem["file"], problem["line"]) == ("models_command", 3)
    assert 'type "nothing" does not exist' in problem["message"]
    printed.prints("echo 'CREATE TABLE b ();'; printf '\\377'")
    [problem] = printed.check(expect=1)["problems"]
    assert (problem["file"], problem["line"]) == ("models_command", 2)


def test_its_failure_is_shown_with_its_words(printed):
    printed.prints(f"echo '{TABLE}'; echo 'No module named app' >&2; exit 3")
    error = printed.check(expect=1)
    assert error["code"] == "LOAD_ERROR" and error["detail"] == "No module named app"
    assert "models_command: bin/print failed with exit status 3" in error["message"]
    shown = printed.daemon.text("migrate", "check", expect=1).err
    assert "No module named app" in shown and TABLE not in shown
    printed.prints("kill -9 $$")
    assert "ended by signal 9" in printed.check(expect=1)["message"]
    printed.prints("echo '-- nothing yet'")
    assert "printed no statement" in printed.check(expect=1)["message"]
    printed.script.unlink()
    error = printed.check(expect=1)
    assert "exit status 127" in error["message"] and "No such file" in error["detail"]


def test_too_much_is_refused(printed):
    printed.prints("exec dd if=/dev/zero bs=1M count=80")
    error = printed.check(expect=1)
    assert error["code"] == "LOAD_ERROR" and "wrote more than 67108864 bytes" in error["message"]


def running(printed):
    """Processes that sleep as only this test's script does."""
    mark = printed.mark.encode()
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if mark in file.read().split(b"\0"):
                    found.append(name)
        except OSError:
            continue
    return found


def sleeps(printed, end):
    printed.mark = f"{100000 + os.getpid()}.25"
    printed.prints(f"sleep {printed.mark} &\n{end}\n")


def test_a_cancel_kills_it_with_its_children(printed):
    sleeps(printed, "wait")
    client = printed.daemon.ctl_process("migrate", "check")
    wait_until(lambda: running(printed), "the command's child")
    printed.daemon.ctl("migrate", "cancel")
    client.communicate(timeout=60)
    assert client.returncode == 7
    wait_until(lambda: not running(printed), "the command's child to be gone")


def test_it_ends_in_time_and_leaves_nothing_running(printed):
    sleeps(printed, f"echo '{TABLE}'")
    assert printed.check()["clean"] is True
    wait_until(lambda: not running(printed), "what it left to be gone")
    sleeps(printed, "wait")
    printed.daemon.write_conf(timeouts={"models_command": "300ms"})
    printed.daemon.ctl("daemon", "reload")
    error = printed.check(expect=5)
    assert error["code"] == "TIMED_OUT" and "models_command" in error["hint"]
    wait_until(lambda: not running(printed), "the command's child to be gone")


def test_faults_of_the_setting(rig):
    project = rig.project()
    conf = project.folder / "bad.conf"
    conf.write_text('project = "woven"\nmodels = "models"\nmodels_command = {"true"}\n'
                    'database "crm" {\n    models_command = {""}\n}\n'
                    'timeouts { models_command = "0" }\n')
    done = run_daemon("--check", "-c", conf)
    told = done.out + done.err
    assert done.status == 1
    for line, part in ((3, "models is set as well, at line 2"), (5, "names no program"),
                       (7, "models_command: is too short")):
        assert any(f"{conf}:{line}:" in one and part in one for one in told.splitlines()), told


def test_a_section_chooses_for_itself(rig):
    project = rig.project()
    conf = project.folder / "good.conf"
    conf.write_text('models_command = {"true"}\ndatabase "one" {\n    models = "models"\n}\n'
                    'database "two" {\n    database = "dbname=two"\n}\n')
    done = run_daemon("--check", "-c", conf)
    assert done.status == 0, done
