"""models_command: models that a program of the caller's prints, and texts that come with a request."""

import contextlib
import json
import os
import pathlib
import pwd
import re
import shlex
import signal
import subprocess
import sys
import textwrap

import pytest

from rig.daemon import Result, run_daemon, settings_have_faults
from rig.programs import PATIENCE, WOVENCTL, clean_environment
from rig.raw import as_nobody, needs_root, sealed
from rig.schema import leftovers, scratch_of
from rig.terminal import Terminal
from rig.waiting import wait_until

TABLE = "CREATE TABLE a (id integer PRIMARY KEY, name text);"
SEALED = "from rig.raw import sealed\n"


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
        self.mark = f"{100000 + os.getpid()}.25"

    def prints(self, body):
        self.script.write_text("#!/bin/sh\n" + textwrap.dedent(body), encoding="utf-8")
        self.script.chmod(0o755)
        self.script.parent.chmod(0o755)

    def sleeps(self, before="", after="wait"):
        self.prints(f"{before}\nsleep {self.mark} &\n{after}\n")

    def running(self):
        """Processes that sleep as only this test's script does."""
        found = []
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:
                if self.mark.encode() in file.read().split(b"\0"):
                    found.append(name)
        return found

    def is_over(self):
        wait_until(lambda: not self.running(), "the command's child to be gone")

    def check(self, *options, expect=0, **how):
        done = self.daemon.ctl(*options, "migrate", "check", expect=expect, **how)
        assert leftovers(self.rig.cluster) == []
        return done.json if expect in (0, 3) else done.error

    def restart(self, **settings):
        self.daemon.write_conf(socket_mode="0666", **settings)
        self.daemon.stop()
        self.daemon.start()


@pytest.fixture(name="printed")
def _printed(rig):
    return Printed(rig)


def test_what_it_prints_is_the_models(printed):
    printed.prints(f"echo '{TABLE}'")
    assert printed.check()["clean"] is True
    printed.prints(f"echo '{TABLE} CREATE TABLE b ();'")
    assert [item["object"] for item in printed.check(expect=3)["changes"]] == ["public.b"]
    daemon = printed.daemon
    assert daemon.ctl("migrate", "diff", "head", "models", expect=3).json["clean"] is False
    assert "CREATE TABLE public.b" in daemon.text("migrate", "dump", "models").out
    found = daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x").json
    assert found["proven"] is True
    assert daemon.ctl("migrate", "diff", "models", "head").json["clean"] is True
    dump = printed.project.folder / "dump.sql"
    dump.write_text(f"{TABLE} CREATE TABLE b (); CREATE TABLE c ();")
    for sides, change in ((["models", "./dump.sql"], "create"), (["./dump.sql", "models"], "drop")):
        found = daemon.ctl("migrate", "diff", *sides, expect=3).json
        assert [(item["change"], item["object"]) for item in found["changes"]] == [(change, "public.c")]


def test_what_needs_no_models_does_not_run_it(printed):
    printed.prints("touch ran; exit 1")
    daemon = printed.daemon
    for command, status in ((["test", "--all"], 0), (["diff", "head", "base"], 3), (["dump"], 0),
                            (["drift"], 0), (["revision", "-m", "x"], 0)):
        daemon.ctl("migrate", *command, expect=status)
    assert not (printed.project.folder / "ran").exists()
    printed.check(expect=1)
    assert (printed.project.folder / "ran").exists()


def test_it_runs_as_the_callers_own(printed):
    """Its view has what it is told and sees: every part is a column of its own."""
    printed.prints("""\
        echo "CREATE VIEW seen AS SELECT 1 AS \\"uid $(id -u)\\", 2 AS \\"in $PWD\\","
        echo "3 AS \\"$*, $#\\", 4 AS \\"$WOVEN_TEST_OWN, $(umask)\\","
        echo "5 AS \\"input $(wc -c)\\", 6 AS \\"$(ls /proc/self/fd | tr '\\n' ' ')\\";"
        """)
    before = os.umask(0o027)
    try:
        done = printed.daemon.ctl(
            "migrate", "check", expect=3, cwd="/", stdin=subprocess.PIPE,
            env=clean_environment(WOVEN_TEST_OWN="of the caller"))
    finally:
        os.umask(before)
    text = " ".join(item["sql"] for item in done.json["statements"])
    for part in (f'"uid {os.geteuid()}"', f'"in {printed.project.folder}"', '"with two words, 2"',
                 '"of the caller, 0027"', '"input 0"', '"0 1 2 3 "'):
        assert part in text, (part, text)


@needs_root
def test_it_runs_as_whoever_calls(printed):
    nobody = pwd.getpwnam("nobody")
    printed.restart(access={"migrate": ["nobody"], "admin": ["nobody"]})
    printed.prints('echo "CREATE TABLE u$(id -u)_$(id -g) ();"')
    found = printed.check(expect=3, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=())
    assert ("create", f"public.u{nobody.pw_uid}_{nobody.pw_gid}") in [
        (item["change"], item["object"]) for item in found["changes"]]


@needs_root
def test_who_is_no_administrator_brings_no_models(printed):
    nobody = pwd.getpwnam("nobody")
    printed.restart(access={"migrate": ["nobody"]})
    printed.prints(f"touch /tmp/{printed.mark}; echo '{TABLE}'")
    error = printed.check(expect=6, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=())
    assert error["code"] == "ACCESS_DENIED" and "models_command" in error["message"]
    assert "access.admin" in error["hint"]
    assert not os.path.exists(f"/tmp/{printed.mark}")
    told = as_nobody(printed.daemon, SEALED + f"""
for method, params in (('check', {{}}), ('autogenerate', {{}}), ('models', {{}}),
                       ('diff', {{'target': ['head', 'models']}}), ('dump', {{'target': 'models'}}),
                       ('diff', {{'target': ['head', 'base']}})):
    answer = client.answer(client.request_with([sealed({TABLE!r})], 'migrate.' + method, **params))
    print(answer['error']['data']['code'] if 'error' in answer else answer['result']['outcome'])
""").split()
    # The last one came without its text: the kernel has thrown it away.
    assert told == ["ACCESS_DENIED"] * 5 + ["done"]


class Impostor:
    """What answers migrate.models as it likes, once, and goes."""

    SERVER = textwrap.dedent("""\
        import json, socket, sys
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1] + "/s")
        listener.listen()
        client = listener.accept()[0]
        asked = json.loads(client.makefile().readline())
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": json.loads(sys.argv[2])}
        client.sendall(json.dumps(answer).encode() + b"\\n")
        """)

    def __init__(self, rig):
        self.place = rig.folder / "theirs"
        self.place.mkdir()
        os.chmod(self.place, 0o777)
        self.ran = self.place / "ran"

    def check(self, command, folder="/", user=None):
        """How a check ends when it is told to run that."""
        answer = json.dumps({"command": command, "folder": folder})
        with subprocess.Popen([sys.executable, "-c", self.SERVER, str(self.place), answer],
                              user=user) as process:
            socket = self.place / "s"
            wait_until(socket.exists, "the socket")
            done = Result(subprocess.run(
                [WOVENCTL, "--socket", str(socket), "--json", "migrate", "check"],
                env=clean_environment(), capture_output=True, text=True, check=False))
            process.wait(30)
            socket.unlink()
        return done


@needs_root
def test_who_has_the_socket_chooses_no_program_for_others(rig):
    """A daemon of another user's could have root run what it likes."""
    impostor = Impostor(rig)
    done = impostor.check(["touch", str(impostor.ran)], user=pwd.getpwnam("nobody").pw_uid)
    assert done.status == 6 and done.error["code"] == "ACCESS_DENIED", done
    assert not impostor.ran.exists()


def test_a_command_that_is_none_is_not_run_in_part(rig):
    impostor = Impostor(rig)
    for command in (["touch", str(impostor.ran), 5], ["touch", str(impostor.ran), None]):
        assert impostor.check(command).error["code"] == "INTERNAL"
    assert not impostor.ran.exists()


def test_a_folder_that_is_not_here_is_told(rig):
    error = Impostor(rig).check(["true"], folder="/nowhere").error
    assert error["code"] == "COMMAND_FAILED"
    assert "cannot enter /nowhere: No such file" in error["message"]
    assert "wovend" in error["hint"] and "PATH" not in error["hint"]


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
    printed.prints("echo '-- nothing yet'")
    assert "printed no statement" in printed.check(expect=1)["message"]
    printed.prints("")
    assert "printed no statement" in printed.check(expect=1)["message"]


def test_its_failure_is_told_and_its_words_are_seen(printed):
    printed.prints(f"echo '{TABLE}'; echo 'No module named app' >&2; exit 3")
    error = printed.check(expect=1)
    assert error["code"] == "COMMAND_FAILED"
    assert error["message"] == "models_command: bin/print failed with exit status 3"
    assert str(printed.project.folder) in error["hint"]
    shown = printed.daemon.text("migrate", "check", expect=1).err
    assert shown.startswith("running models_command: bin/print with two words\nNo module named app\n")
    assert TABLE not in shown
    shown = printed.daemon.text("--quiet", "migrate", "check", expect=1).err
    assert shown.startswith("No module named app\n")
    printed.prints("kill -9 $$")
    assert "ended by signal 9" in printed.check(expect=1)["message"]
    printed.script.unlink()
    error = printed.check(expect=1)
    assert error["code"] == "COMMAND_FAILED"
    assert "cannot run bin/print: No such file" in error["message"] and "PATH" in error["hint"]


def test_a_name_is_looked_for_in_the_callers_path(printed):
    printed.prints(f"echo '{TABLE}'")
    printed.script.rename(printed.script.parent / "printer-of-models")
    printed.restart(models_command=["printer-of-models"])
    assert "cannot run printer-of-models" in printed.check(expect=1)["message"]
    env = clean_environment(PATH=f"{printed.script.parent}:{os.environ['PATH']}")
    assert printed.check(env=env)["clean"] is True


def test_large_output_comes_whole(printed):
    printed.prints(f"""\
        echo '{TABLE}'
        seq -f '-- %.0f of what is said about the following' 150000
        echo 'CREATE TABLE b ();'
        """)
    assert [item["object"] for item in printed.check(expect=3)["changes"]] == ["public.b"]


def test_too_much_is_refused(printed):
    printed.prints("yes 'CREATE TABLE a ();'")
    error = printed.check(expect=1)
    assert error["code"] == "LIMIT_EXCEEDED"
    assert error["message"] == "models_command: what it printed is longer than 67108864 bytes"


@pytest.mark.parametrize("number, ends", [(signal.SIGINT, 7), (signal.SIGTERM, -signal.SIGTERM),
                                          (signal.SIGHUP, -signal.SIGHUP)])
def test_signals_end_both(printed, number, ends):
    printed.sleeps()
    client = printed.daemon.ctl_process("migrate", "check")
    wait_until(printed.running, "the command's child")
    client.send_signal(number)
    out = client.communicate(timeout=60 * PATIENCE)[0]
    assert client.returncode == ends
    assert number != signal.SIGINT or '"CANCELLED"' in out
    printed.is_over()
    assert printed.daemon.status()["job"] is None


def test_a_second_signal_kills_who_does_not_hear(printed):
    told = printed.project.folder / "told"
    printed.sleeps(f"trap 'touch {told}' INT", "while :; do wait; done")
    client = printed.daemon.ctl_process("migrate", "check")
    wait_until(printed.running, "the command's child")
    client.send_signal(signal.SIGINT)
    wait_until(told.exists, "the first to be heard")
    assert client.poll() is None
    client.send_signal(signal.SIGINT)
    client.communicate(timeout=60 * PATIENCE)
    assert client.returncode == 7
    printed.is_over()


def test_it_dies_with_a_client_that_is_killed(printed):
    printed.sleeps()
    client = printed.daemon.ctl_process("migrate", "check")
    wait_until(printed.running, "the command's child")
    client.kill()
    client.communicate()
    printed.is_over()


def test_what_it_leaves_running_is_ended(printed):
    printed.sleeps(after=f"echo '{TABLE}'")
    assert printed.check()["clean"] is True
    printed.is_over()


def test_it_has_the_time_of_the_client(printed):
    printed.sleeps()
    error = printed.check("--timeout", "2s", expect=5)
    assert error["code"] == "TIMED_OUT"
    assert error["message"] == "models_command: bin/print has not ended within 2.0 s (--timeout)"
    printed.is_over()


def test_what_cannot_be_killed_is_not_waited_for(printed, sudo):
    """A program with the setuid bit is another user's, where no signal of ours reaches it."""
    nobody = pwd.getpwnam("nobody")
    printed.restart(access={"migrate": ["nobody"], "admin": ["nobody"]},
                    models_command=[str(sudo), "bin/print"])
    printed.sleeps()
    caller = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": (),
              "stderr": subprocess.DEVNULL}
    printed.rig.defer(lambda: [os.kill(int(pid), signal.SIGKILL) for pid in printed.running()])
    late = printed.daemon.ctl_process("--timeout", "2s", "migrate", "check", **caller)
    error = json.loads(late.communicate(timeout=60 * PATIENCE)[0])["error"]
    assert late.returncode == 5 and "goes on" in error["hint"]
    client = printed.daemon.ctl_process("migrate", "check", **caller)
    wait_until(lambda: len(printed.running()) == 2, "the command's child")
    client.send_signal(signal.SIGINT)
    wait_until(lambda: takes(client, signal.SIGINT), "the first signal to be taken")
    client.send_signal(signal.SIGINT)
    client.communicate(timeout=60 * PATIENCE)
    assert client.returncode == 7


def takes(process, number):
    """Whether no such signal waits for it any more."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return not int(re.search(r"^ShdPnd:\t(\w+)$", status, re.M)[1], 16) >> (number - 1) & 1


def test_the_daemon_does_not_tire_of_waiting(printed):
    """What takes longer than a silent client is kept for."""
    printed.restart(timeouts={"idle": "300ms"})
    printed.prints(f"""\
        while [ ! -e go ]; do sleep 0.02; done
        echo '{TABLE}'
        """)
    client = printed.daemon.ctl_process("migrate", "check")
    with printed.daemon.client() as silent:
        assert silent.closed()
    (printed.project.folder / "go").touch()
    client.communicate(timeout=60 * PATIENCE)
    assert client.returncode == 0


def test_it_may_ask_on_the_terminal(printed):
    printed.prints("""\
        read answer < /dev/tty
        echo "CREATE TABLE $answer ();"
        """)
    terminal = Terminal(printed.daemon)
    printed.rig.defer(terminal.close)
    terminal.type(f"{shlex.quote(WOVENCTL)} migrate check; echo status=$?\n")
    terminal.wait("running models_command")
    terminal.type("asked_for\n")
    terminal.wait("status=3")
    assert "CREATE TABLE public.asked_for" in terminal.text
    printed.sleeps("echo begun >&2")
    terminal.text = ""
    terminal.type(f"{shlex.quote(WOVENCTL)} migrate check; echo status=$?\n")
    terminal.wait("begun")
    wait_until(printed.running, "the command's child")
    terminal.type("\x03")
    terminal.wait("status=7")
    printed.is_over()


def test_a_client_of_the_socket_hands_the_text_over(printed):
    printed.prints("exit 1")
    with printed.daemon.client() as client:
        found = client.call("migrate.models")
        assert found == {"command": ["bin/print", "with", "two words"],
                         "folder": str(printed.project.folder)}
        for method, params in (("check", {}), ("autogenerate", {}), ("dump", {"target": "models"}),
                               ("diff", {"target": ["models", "head"]})):
            error = client.refused("migrate." + method, **params)
            assert error["code"] == "TEXT_REQUIRED" and "models_command" in error["message"]
            assert "migrate.models" in error["hint"]
        requests = [client.request_with([sealed(f"{TABLE} CREATE TABLE {name} ();")], "migrate.check")
                    for name in ("b", "c")]
        for request, name in zip(requests, ("b", "c")):
            found = client.answer(request)["result"]
            assert [item["object"] for item in found["changes"]] == [f"public.{name}"]
        texts = [sealed(TABLE), sealed("CREATE TABLE d ();")]
        request = client.request_with(texts, "migrate.diff", target=["/named/so", "models"])
        found = client.answer(request)["result"]
        assert [(item["change"], item["object"]) for item in found["changes"]] == [
            ("drop", "public.a"), ("create", "public.d")]
        wait_until(lambda: not texts_held(printed.daemon), "the texts to be closed")


def test_texts_that_are_none_are_refused(printed):
    with printed.daemon.client() as client, open(printed.daemon.conf, "rb") as conf:
        ends = os.pipe()
        for texts, code in (([conf.fileno()], "INVALID_PARAMS"), ([ends[0]], "INVALID_PARAMS"),
                            ([sealed(TABLE, seals=0)], "INVALID_PARAMS"),
                            ([sealed(TABLE)] * 2, "INVALID_PARAMS")):
            answer = client.answer(client.request_with(texts, "migrate.check"))
            assert answer["error"]["data"]["code"] == code, answer
        long = sealed("x", size=(64 << 20) + 1)
        answer = client.answer(client.request_with([long], "migrate.check"))
        assert answer["error"]["data"]["code"] == "LIMIT_EXCEEDED"
        for method in ("migrate.status", "migrate.watch", "daemon.ping"):
            answer = client.answer(client.request_with([sealed(TABLE)], method))
            assert answer["error"]["data"]["code"] == "INVALID_PARAMS", answer
        assert not texts_held(printed.daemon)
        client.request_with([sealed(TABLE)] * 5, "migrate.check")
        assert client.receive()["error"]["data"]["code"] == "LIMIT_EXCEEDED"
        assert client.closed()
    wait_until(lambda: not texts_held(printed.daemon), "the texts to be closed")


def texts_held(daemon):
    found = []
    for path in pathlib.Path(f"/proc/{daemon.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found += [path] if "memfd:text" in os.readlink(path) else []
    return found


def test_faults_of_the_setting(rig):
    settings_have_faults(
        rig.project().folder / "bad.conf",
        'project = "woven"\nmodels = "models"\nmodels_command = {"true"}\n'
        'database "crm" {\n    models_command = {""}\n}\n',
        ((3, "models is set as well, at line 2"), (5, "names no program")))


def test_a_section_chooses_for_itself(rig):
    project = rig.project()
    conf = project.folder / "good.conf"
    conf.write_text('models_command = {"true"}\ndatabase "one" {\n    models = "models"\n}\n'
                    'database "two" {\n    database = "dbname=two"\n}\n')
    done = run_daemon("--check", "-c", conf)
    assert done.status == 0, done
