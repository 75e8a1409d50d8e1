"""wovenctl against a scripted daemon: exit statuses, Ctrl-C, deadlines, hostile text, files."""
import json
import os
import re
import signal
import socket
import stat
import subprocess
import tempfile
import threading

import pytest
from fake_wovend import WOVENCTL, Terminal, answer, daemon, environment, finish, run, start

PLAN = [{"revision": "aaa111", "direction": "up", "message": "First"},
        {"revision": "bbb222", "direction": "up", "message": "Second"}]


def ended(outcome, done=2, **more):
    steps = [{**step, "seconds": 0.25, "done": i < done} for i, step in enumerate(PLAN)]
    heads = [PLAN[done - 1]["revision"]] if done else []
    return {"job": 7, "outcome": outcome, "current": [], "steps": steps, "heads_after": heads,
            **more}


def begin(peer):
    """Takes a job to the first statement of its second step."""
    request = peer.read()
    peer.event("queued", kind="upgrade", position=0)
    peer.event("started", kind="upgrade")
    peer.event("planned", steps=PLAN)
    peer.event("step", index=0, of=2, **PLAN[0])
    peer.event("step_done", index=0, revision="aaa111", seconds=0.012)
    peer.event("step", index=1, of=2, **PLAN[1])
    peer.event("statement", index=1, number=1, of=3, file="/p/versions/bbb222_x.sql", line=12,
               text="CREATE TABLE x")
    return request


def strip(text):
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", text).replace("\r", "\n")


# -- no daemon ------------------------------------------------------------------------------------

def test_no_socket_file(tmp_path):
    status, out, err = run("migrate", "status", socket_path=str(tmp_path / "none"))
    assert status == 4 and out == ""
    assert str(tmp_path / "none") in err and "NO_DAEMON" in err and "hint:" in err


def test_dead_socket(tmp_path):
    path = str(tmp_path / "dead")
    socket.socket(socket.AF_UNIX).bind(path)
    status, _, refused = run("migrate", "status", socket_path=path)
    assert status == 4
    _, _, missing = run("migrate", "status", socket_path=str(tmp_path / "none"))
    assert refused.replace(path, "") != missing.replace(str(tmp_path / "none"), "")


def test_socket_out_of_reach():
    options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "mine")
        listener.bind(path)
        listener.listen()
        os.chmod(path, 0)
        try:
            status, _, err = run("migrate", "status", socket_path=path, **options)
        except PermissionError:
            pytest.skip("another user may not start the program under test")
    assert status == 4 and "ermission" in err and "group" in err


def test_socket_from_environment():
    with daemon(answer({"service": "wovend", "version": "9", "protocol": 1, "pid": 3})) as fake:
        status, out, _ = run("daemon", "ping", env=environment(WOVEN_SOCKET=fake.path))
    assert status == 0 and out.startswith("wovend 9 answers (pid 3, protocol 1, ")


def test_error_as_json(tmp_path):
    status, out, err = run("migrate", "status", "--json", socket_path=str(tmp_path / "none"))
    assert status == 4 and err == ""
    assert json.loads(out)["error"]["code"] == "NO_DAEMON"


def test_not_our_protocol():
    with daemon(lambda peer: (peer.read(), peer.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"))) as fake:
        status, _, err = run("migrate", "status", socket_path=fake.path)
    assert status == 1 and "does not speak wovend's protocol" in err


def test_vanishes_before_the_answer():
    with daemon(lambda peer: peer.read()) as fake:
        status, _, err = run("migrate", "status", socket_path=fake.path)
    assert status == 4 and "closed the connection" in err


def test_turned_away_without_a_request():
    with daemon(lambda peer: peer.error(None, "LIMIT_EXCEEDED", "too many clients")) as fake:
        status, _, err = run("migrate", "upgrade", socket_path=fake.path)
    assert status == 1 and "too many clients (LIMIT_EXCEEDED)" in err


# -- errors ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("word,status", [
    ("REVISION_NOT_FOUND", 1), ("INVALID_PARAMS", 2), ("LOCK_TIMEOUT", 5), ("ACCESS_DENIED", 6),
    ("POOLER", 6), ("EDITED_REVISION", 6), ("A_WORD_OF_TOMORROW", 1)])
def test_statuses_of_errors(word, status):
    with daemon(lambda peer: peer.error(peer.read(), word, "no", hint="try")) as fake:
        got, out, err = run("migrate", "plan", "x", socket_path=fake.path)
    assert (got, out) == (status, "") and "error: no" in err and "hint: try" in err


def test_version_mismatch():
    def script(peer):
        peer.error(peer.read(), "METHOD_NOT_FOUND", "no such method", number=-32601)
        peer.result(peer.read(), {"service": "wovend", "version": "0.0.9", "protocol": 1, "pid": 1})
    with daemon(script) as fake:
        status, _, err = run("migrate", "branches", socket_path=fake.path)
    assert status == 1 and "wovend 0.0.9 does not know migrate.branches" in err


@pytest.mark.parametrize("options,variable,named", [
    (["--project", "mine"], None, "mine"), ([], "theirs", "theirs"), ([], "", None),
    (["--project", "mine"], "theirs", "mine"), (["--all"], "theirs", None)])
def test_project_is_named_in_every_request(options, variable, named):
    def script(peer):
        request = peer.read()
        asked.append(request.get("params", {}).get("project"))
        peer.result(request, {"projects": []})
    asked = []
    more = {} if variable is None else {"WOVEN_PROJECT": variable}
    with daemon(script) as fake:
        status, _, _ = run("migrate", "status", *options, socket_path=fake.path,
                           env=environment(**more))
    assert status == 0 and asked == [named]


def test_sql_error_shows_the_place(tmp_path):
    file = tmp_path / "bbb222_x.sql"
    file.write_text("-- woven:up\nSELECT 1;  ALTER TABLE\n  vaultz ADD x int;\n")
    error = {"code": "SQL_ERROR", "message": 'relation "vaultz" does not exist',
             "sqlstate": "42P01", "revision": "bbb222", "file": str(file), "line": 3, "column": 3,
             "statement": "ALTER TABLE\n  vaultz ADD x int"}

    def script(peer):
        peer.result(begin(peer), ended("failed", 1, error=error))
    with daemon(script) as fake:
        status, out, err = run("migrate", "upgrade", "-q", socket_path=fake.path)
    assert (status, out) == (1, "")
    assert f"  at {file}:3:3\n      3 |   vaultz ADD x int;\n        |   ^\n" in err
    assert "SQLSTATE: 42P01" in err
    assert "Failed: rolled back up bbb222 Second; 1 of 2 steps done." in err
    assert "The database is at aaa111." in err


# -- jobs -----------------------------------------------------------------------------------------

def test_upgrade():
    def script(peer):
        request = begin(peer)
        peer.event("step_done", index=1, revision="bbb222", seconds=0.5)
        peer.result(request, ended("done"))
    with daemon(script) as fake:
        status, out, err = run("migrate", "upgrade", "--tag=r1", "--timeout", "9s",
                               socket_path=fake.path)
        params = fake.requests[0]["params"]
    assert status == 0
    assert out == "Done: upgrade of 2 steps in 500 ms. The database is at bbb222.\n"
    assert err == "[1/2] up aaa111 First  (12 ms)\n[2/2] up bbb222 Second  (500 ms)\n"
    assert params == {"target": ["head"], "tag": "r1", "wait_ms": 9000}


def test_json_and_quiet_are_silent():
    for option in ("--json", "--quiet"):
        with daemon(lambda peer: peer.result(begin(peer), ended("done"))) as fake:
            status, out, err = run("migrate", "downgrade", "-1", option, socket_path=fake.path)
            assert fake.requests[0]["params"]["target"] == ["-1"]
        assert status == 0 and err == ""
        if option == "--json":
            assert json.loads(out) == ended("done")
        else:
            assert out == ""


def test_nothing_to_do():
    end = {"job": 1, "outcome": "nothing-to-do", "current": ["x"], "steps": [],
           "heads_after": ["x"]}
    with daemon(answer(end)) as fake:
        assert run("migrate", "upgrade", socket_path=fake.path)[:2] == (
            0, "Nothing to do. The database is at x.\n")


def test_failed_job_as_json():
    error = {"code": "LOCK_TIMEOUT", "message": "no lock"}
    with daemon(answer(ended("failed", 0, error=error))) as fake:
        status, out, err = run("--json", "migrate", "upgrade", socket_path=fake.path)
    assert status == 5 and err == "" and json.loads(out)["error"] == error


def test_daemon_vanishes_in_a_job():
    with daemon(begin) as fake:
        status, _, err = run("migrate", "upgrade", socket_path=fake.path)
    assert status == 4 and "went away before the job's end was known" in err and "hint" in err


def test_timeout_says_that_the_job_goes_on():
    def script(peer):
        begin(peer)
        assert peer.read() is None
    with daemon(script) as fake:
        status, _, err = run("migrate", "upgrade", "--timeout", "300ms", socket_path=fake.path)
    assert status == 5
    assert "not done within 300 ms (--timeout); job 7 goes on in the daemon" in err
    assert "wovenctl migrate watch" in err and "cancel 7" in err


def test_timeout_of_a_question():
    def script(peer):
        peer.read()
        assert peer.read() is None
    with daemon(script) as fake:
        status, out, _ = run("migrate", "status", "--json", "--timeout=200ms",
                             socket_path=fake.path)
    assert status == 5 and json.loads(out)["error"]["code"] == "TIMED_OUT"


# -- Ctrl-C ---------------------------------------------------------------------------------------

def interrupted(script, *options, signals=(signal.SIGINT,)):
    """Runs upgrade; sends the signals when the script says, one at a time."""
    ready = threading.Semaphore(0)
    with daemon(lambda peer: script(peer, ready.release)) as fake:
        process = start("migrate", "upgrade", *options, socket_path=fake.path)
        for number in signals:
            assert ready.acquire(timeout=20)
            process.send_signal(number)
        status, out, err = finish(process)
    return status, out, err, fake.requests


def cancelling(peer, ready):
    request = begin(peer)
    ready()
    cancel = peer.read()
    peer.event("cancelling")
    peer.result(request, ended("cancelled", 1, error={"code": "CANCELLED", "message": "cancelled"}))
    peer.result(cancel, {"job": 7, "outcome": "cancelled"})


def test_ctrl_c_cancels_this_job():
    status, out, err, requests = interrupted(cancelling)
    assert (status, out) == (7, "")
    assert requests[1]["method"] == "migrate.cancel" and requests[1]["params"] == {"job": 7}
    assert "Cancelled: rolled back up bbb222 Second; 1 of 2 steps done.\n" in err
    assert "The database is at aaa111." in err


def test_ctrl_c_with_json():
    status, out, err, _ = interrupted(cancelling, "--json")
    assert status == 7 and err == "" and json.loads(out)["outcome"] == "cancelled"


def test_second_ctrl_c_leaves():
    def script(peer, ready):
        begin(peer)
        ready()
        assert peer.read()["method"] == "migrate.cancel"
        ready()
        assert peer.read() is None
    status, _, err, _ = interrupted(script, signals=(signal.SIGINT, signal.SIGINT))
    assert status == 7 and "may still be ending the job" in err and "migrate status" in err


def test_ctrl_c_waits_for_the_jobs_number():
    def script(peer, ready):
        request = peer.read()
        ready()
        peer.sock.settimeout(0.5)
        with pytest.raises(TimeoutError):
            peer.sock.recv(1)
        peer.sock.settimeout(20)
        peer.event("queued", kind="upgrade", position=1)
        line = b""
        while not line.endswith(b"\n"):
            line += peer.sock.recv(4096)
        cancel = json.loads(line)
        assert cancel["method"] == "migrate.cancel" and cancel["params"] == {"job": 7}
        peer.result(request, ended("cancelled", 0))
    status, _, err, _ = interrupted(script)
    assert status == 7 and "The database is at base." in err


def test_cancel_refused_goes_on():
    def script(peer, ready):
        request = begin(peer)
        ready()
        peer.error(peer.read(), "ACCESS_DENIED", "you may not")
        peer.result(request, ended("done"))
    status, out, err, _ = interrupted(script)
    assert status == 0 and "cannot cancel: you may not" in err and out.startswith("Done")


def test_sigterm_leaves_without_cancelling():
    def script(peer, ready):
        begin(peer)
        ready()
        assert peer.read() is None
    status, _, err, requests = interrupted(script, signals=(signal.SIGTERM,))
    assert status == -signal.SIGTERM and len(requests) == 1
    assert "job 7 goes on in the daemon" in err


# -- terminal -------------------------------------------------------------------------------------

def test_live_line():
    go = threading.Event()

    def script(peer):
        request = begin(peer)
        peer.event("blocked", blockers=[{"pid": 33, "user": "app", "application": "psql",
                                         "state": "idle in transaction", "age_ms": 300000}],
                   blocking=2)
        peer.event("progress", phase="building index", done=45, total=100)
        assert go.wait(20)
        peer.event("step_done", index=1, revision="bbb222", seconds=2)
        peer.result(request, ended("done"))
    with daemon(script) as fake:
        terminal = Terminal("migrate", "upgrade", socket_path=fake.path, columns=200)
        # It moves on by itself while no event comes.
        terminal.until("building index 45%")
        terminal.until("up bbb222 Second  1.")
        go.set()
        status, text = terminal.finish()
    plain = strip(text)
    assert status == 0
    assert " s  blocked by pid 33 (app, psql, idle in transaction, 5 min 0 s); 2 queued behind us  " \
        "building index 45%  statement 1/3 (bbb222_x.sql:12)" in plain
    assert "[1/2] up aaa111 First  (12 ms)\n" in plain
    assert "\x1b[32mDone\x1b[0m" in text


def test_narrow_terminal_never_wraps():
    go = threading.Event()

    def script(peer):
        request = begin(peer)
        peer.event("progress", phase="\u6f22" * 200, done=1, total=2)
        assert go.wait(20)
        peer.result(request, ended("done"))
    with daemon(script) as fake:
        terminal = Terminal("migrate", "upgrade", socket_path=fake.path, columns=60)
        terminal.until("\u6f22...")
        go.set()
        status, text = terminal.finish()
    live = [part for part in re.split(r"[\r\n]+", strip(text)) if "\u6f22" in part]
    assert status == 0 and live
    assert all(len(part) + part.count("\u6f22") < 60 for part in live)


def test_no_color_and_dumb_terminals():
    with daemon(lambda peer: peer.result(begin(peer), ended("done"))) as fake:
        _, text = Terminal("migrate", "upgrade", socket_path=fake.path, NO_COLOR="1").finish()
    assert "\x1b[32m" not in text
    with daemon(lambda peer: peer.result(begin(peer), ended("done"))) as fake:
        _, text = Terminal("migrate", "upgrade", socket_path=fake.path, TERM="dumb").finish()
    assert "\x1b" not in text and "[1/2] up aaa111 First" in text


EVIL = "x\x1b]0;owned\x07\x9b31m\u202eevil\r\nnext"


@pytest.mark.parametrize("command", ["status", "status --all", "history", "show", "plan", "upgrade"])
def test_hostile_text(command):
    item = {"revision": EVIL, "message": EVIL, "direction": EVIL, "path": EVIL, "sql": EVIL,
            "is_head": True, "down_revision": [EVIL], "branch_labels": [EVIL], "is_applied": True}
    result = {"project": EVIL, "state": EVIL, "current": [EVIL], "heads": [EVIL], "role": EVIL,
              "pending": [item], "ahead": [EVIL], "revisions": [item], "steps": [item],
              "messages": {EVIL: EVIL}, "heads_after": [EVIL], "outcome": "failed",
              "leader": {"host": EVIL, "pid": 1, "since": EVIL},
              "database": {"reachable": False, "error": EVIL, "since": EVIL},
              "files": {"revisions": 1, "problems": [{"kind": "x", "file": EVIL, "line": 1,
                                                      "message": EVIL}]},
              "interrupted": {"revision": EVIL, "direction": EVIL, "file": EVIL, "text": EVIL},
              "job": {"job": 1, "kind": EVIL, "state": EVIL, "caller": {"user": EVIL},
                      "statement": {"number": 1, "of": 1, "file": EVIL, "text": EVIL},
                      "blockers": [{"pid": 1, "user": EVIL, "query": EVIL}]},
              "error": {"code": "SQL_ERROR", "message": EVIL, "hint": EVIL, "detail": EVIL,
                        "statement": EVIL, "column": 3, "file": EVIL, "line": 1}}

    result["projects"] = [result.copy(), {"project": EVIL, "state": EVIL, "role": EVIL}]

    def script(peer):
        request = peer.read()
        for event in ("queued", "started", "waiting", "step", "statement", "notice", "retry",
                      "blocked", "progress", "step_done", "cancelling", EVIL):
            peer.event(event, text=EVIL, kind=EVIL, phase=EVIL, file=EVIL, position=1, index=0,
                       blockers=[{"user": EVIL}], **{k: item[k] for k in
                                                     ("revision", "message", "direction")})
        peer.result(request, result)
    with daemon(script) as fake:
        args = command.split() if command not in ("show",) else [command, "x"]
        terminal = Terminal("migrate", *args, socket_path=fake.path)
        status, text = terminal.finish()
    assert status in (0, 1)
    plain = re.sub(r"\x1b\[[0-9]*[mK]", "", text)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", plain)


@pytest.mark.parametrize("result", [
    {}, {"revisions": 5, "steps": "x", "current": {}, "job": [], "database": 1}, [], 7, None,
    {"revisions": [None, 1, {"revision": 5, "message": []}], "steps": [[], None],
     "pending": [1], "heads": [1, None], "outcome": 3, "files": {"problems": [1]}, "error": "x"}])
def test_answers_of_the_wrong_shape(result):
    for args in (["status"], ["history", "-v"], ["show", "x"], ["plan"], ["upgrade"], ["cancel"],
                 ["revision"], ["current", "--check-heads"]):
        with daemon(answer(result)) as fake:
            status, _, err = run("migrate", *args, socket_path=fake.path)
        assert 0 <= status <= 7, err


# -- questions ------------------------------------------------------------------------------------

def test_check_heads():
    def script(current, heads):
        def serve(peer):
            peer.result(peer.read(), {"revisions": [{"revision": r} for r in current]})
            peer.result(peer.read(), {"revisions": [{"revision": r} for r in heads]})
        return serve
    for current, heads, expected in ((["a"], ["a"], 0), (["a"], ["a", "b"], 3), ([], ["a"], 3),
                                     (["b", "a"], ["a", "b"], 0), ([], [], 0)):
        with daemon(script(current, heads)) as fake:
            assert run("migrate", "current", "--check-heads", socket_path=fake.path)[0] == expected


@pytest.mark.parametrize("args,params", [
    ([], {"direction": "upgrade", "target": ["head"]}),
    (["downgrade", "-1"], {"direction": "downgrade", "target": ["-1"]}),
    (["a", "b", "--from", "base"], {"direction": "upgrade", "target": ["a", "b"], "from": []}),
    (["a", "--from="], {"direction": "upgrade", "target": ["a"], "from": []}),
    (["stamp", "a", "--purge", "--from", "b,c", "--from=d"],
     {"direction": "stamp", "target": ["a"], "from": ["b", "c", "d"], "purge": True}),
])
def test_plan_parameters(args, params):
    result = {"current": [], "steps": PLAN, "heads_after": ["bbb222"]}
    with daemon(answer(result)) as fake:
        status, out, _ = run("migrate", "plan", *args, socket_path=fake.path)
        assert fake.requests[0]["params"] == params
    assert status == 0
    assert out == "2 steps from base to bbb222\n  up    aaa111  First\n  up    bbb222  Second\n"


def test_repair_and_cancel():
    with daemon(answer(ended("done"))) as fake:
        assert run("migrate", "repair", "--again", socket_path=fake.path)[0] == 0
        assert fake.requests[0]["params"] == {"action": "again"}
    assert run("migrate", "repair", "--again", "--done")[0] == 2
    assert run("migrate", "cancel", "x")[0] == 2
    with daemon(answer({"job": 9, "outcome": "cancelled"})) as fake:
        assert run("migrate", "cancel", "9", socket_path=fake.path)[:2] == (
            0, "Job 9 was cancelled.\n")
        assert fake.requests[0]["params"] == {"job": 9}
    with daemon(answer({"job": 9, "outcome": "done"})) as fake:
        assert run("migrate", "cancel", socket_path=fake.path)[0] == 3


def test_watch_follows_until_interrupted():
    ready = threading.Event()

    def script(peer):
        for job in (7, 8):
            request = peer.read()
            peer.event("started", job=job, kind="upgrade", caller={"user": "ann", "pid": 5})
            peer.event("finished", job=job, outcome="done")
            peer.result(request, {"job": job, "outcome": "done"})
        peer.read()
        ready.set()
        assert peer.read() is None
    with daemon(script) as fake:
        process = start("migrate", "watch", socket_path=fake.path)
        assert ready.wait(20)
        process.send_signal(signal.SIGINT)
        status, _, err = finish(process)
    assert status == 0
    assert err == "".join(f"job {n}: upgrade, asked for by ann (pid 5)\njob {n}: done\n"
                          for n in (7, 8))


def test_full_disk_and_closed_pipe():
    def to(fake, stdout):
        return subprocess.run([WOVENCTL, "--socket", fake.path, "migrate", "status"],
                              stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=20)
    with daemon(answer({"project": "p"})) as fake, open("/dev/full", "w") as full:
        done = to(fake, full)
    assert done.returncode == 1 and "cannot write the result" in done.stderr
    reader, writer = os.pipe()
    os.close(reader)
    with daemon(answer({"project": "p"})) as fake:
        done = to(fake, writer)
    os.close(writer)
    assert done.returncode == 0 and done.stderr == ""


# -- files ----------------------------------------------------------------------------------------

def made(path, content="-- text\n"):
    return {"revision": "ccc", "path": str(path), "content": content, "down_revision": []}


def test_revision_writes_a_new_file(tmp_path):
    path = tmp_path / "versions" / "2026" / "ccc_x.sql"
    with daemon(answer(made(path, "-- h\u00e9\n"))) as fake:
        status, out, _ = run("migrate", "revision", "-m", "X y", "--head", "a", "--head=b",
                             "--splice", socket_path=fake.path, umask=0o022)
        assert fake.requests[0]["params"] == {"message": "X y", "head": ["a", "b"], "splice": True}
    assert (status, out) == (0, f"{path}\n")
    assert path.read_bytes() == "-- h\u00e9\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    with daemon(answer(made(path, "other"))) as fake:
        status, out, err = run("migrate", "merge", "heads", socket_path=fake.path)
    assert (status, out) == (1, "") and "exists already (FILE_EXISTS)" in err
    assert path.read_bytes() == "-- h\u00e9\n".encode()


def test_revision_never_follows_a_link(tmp_path):
    link = tmp_path / "ccc.sql"
    link.symlink_to(tmp_path / "elsewhere.sql")
    with daemon(answer(made(link))) as fake:
        assert run("migrate", "revision", socket_path=fake.path)[0] == 1
    assert not (tmp_path / "elsewhere.sql").exists()


@pytest.mark.parametrize("path", ["relative.sql", "{}/x.sh", "{}/a/../x.sql", "{}/.sql", "", None])
def test_revision_refuses_odd_paths(tmp_path, path):
    answered = made("")
    answered["path"] = path.format(tmp_path) if path is not None else None
    with daemon(answer(answered)) as fake:
        status, _, err = run("migrate", "revision", socket_path=fake.path, cwd=tmp_path)
    assert status == 1 and "nothing was written" in err
    assert list(tmp_path.iterdir()) == []


def test_init(tmp_path):
    status, out, _ = run("migrate", "init", "--json", cwd=tmp_path)
    assert status == 0 and "migrations/woven.conf" in json.loads(out)["created"]
    names = {p.name for p in (tmp_path / "migrations").iterdir()}
    assert names == {"woven.conf", "script.sql.in", "README.md", "versions", "models"}
    status, _, err = run("migrate", "init", "migrations/", cwd=tmp_path)
    assert status == 1 and "has a woven.conf already" in err
    other = tmp_path / "other"
    other.mkdir()
    (other / "README.md").write_text("mine")
    assert run("migrate", "init", "other", cwd=tmp_path)[0] == 0
    assert (other / "README.md").read_text() == "mine" and (other / "woven.conf").exists()
    assert run("migrate", "init", "no/such/parent", cwd=tmp_path)[0] == 1
