"""The protocol over a raw socket: envelopes, every limit, access."""

import os
import pathlib
import pwd
import re
import socket
import subprocess

import pytest

from rig.project import GATE_TABLE, WAIT_AT_GATE, open_gate
from rig.raw import RawClient, as_nobody, needs_root
from rig.waiting import wait_until

PING = b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping"}\n'


@pytest.fixture(name="daemon")
def _daemon(rig):
    return rig.simple(1)[2]


def error_of(client):
    message = client.receive()
    assert message is not None and "error" in message, message
    return message["error"]


def still_serves(daemon):
    """One bad client never disturbs another."""
    return daemon.call("daemon.ping")["service"] == "wovend"


def test_ping_and_discover(daemon):
    with daemon.client() as client:
        assert client.call("daemon.ping")["protocol"] == 1
        methods = {method["name"]: method for method in client.call("rpc.discover")["methods"]}
    assert methods["migrate.upgrade"]["access"] == "migrate"
    assert methods["daemon.reload"]["access"] == "admin"
    assert all(method["description"] for method in methods.values())
    params = {param["name"]: param for param in methods["migrate.upgrade"]["params"]}
    assert params["target"]["required"] and not params["tag"]["required"]


def told_methods():
    """The table of docs/protocol.md: access, and of each parameter its type, where that is told,
    and whether it is required."""
    text = pathlib.Path(__file__).resolve().parents[2].joinpath("docs/protocol.md").read_text()
    rows = {}
    for line in text.splitlines():
        cells = re.split(r"(?<!\\)\|", line)
        name = re.fullmatch(r" `([a-z]+\.[a-z_]+)` ", cells[1]) if len(cells) == 6 else None
        if name is None:
            continue
        parts = re.split(r"[,;] ", re.sub(r"\([^)]*\)", "", cells[2]).strip())
        told = [re.match(r"(?:one of )?`(\w+)(\??)` ?(\w*)", part) for part in parts]
        rows[name[1]] = (cells[3].strip(), {m[1]: (m[2] == "", m[3]) for m in told if m})
    return rows


def test_the_table_of_methods_is_what_discover_answers(daemon):
    kinds = {"id": "list"}
    told = told_methods()
    known = {method["name"]: method for method in daemon.call("rpc.discover")["methods"]}
    assert set(told) == set(known)
    for name, (access, params) in told.items():
        assert access == known[name]["access"], name
        types = {p["name"]: p["type"] for p in known[name]["params"] if p["name"] != "project"}
        required = {p["name"]: p["required"] for p in known[name]["params"] if p["name"] in types}
        assert {param: told for param, (told, _) in params.items()} == required, name
        for param, (_, kind) in params.items():
            if kind:
                assert kinds.get(kind, kind) == types[param], f"{name}: {param}"


@pytest.mark.parametrize("line, number, word", [
    (b"{nonsense", -32700, "PARSE_ERROR"),
    (b'"text"', -32600, "INVALID_REQUEST"),
    (b"[]", -32600, "INVALID_REQUEST"),
    (b'[{"jsonrpc":"2.0","id":1,"method":"daemon.ping"}]', -32600, "INVALID_REQUEST"),
    (b'{"jsonrpc":"1.0","id":1,"method":"daemon.ping"}', -32600, "INVALID_REQUEST"),
    (b'{"jsonrpc":"2.0","id":1}', -32600, "INVALID_REQUEST"),
    (b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping","extra":1}', -32600, "INVALID_REQUEST"),
    (b'{"jsonrpc":"2.0","id":1,"method":"no.such"}', -32601, "METHOD_NOT_FOUND"),
    (b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping","params":[1]}', -32602, "INVALID_PARAMS"),
    (b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping","params":{"x":1}}', -32602, "INVALID_PARAMS"),
    (b'{"jsonrpc":"2.0","id":1,"method":"migrate.upgrade","params":{}}', -32602, "INVALID_PARAMS"),
    (b'{"jsonrpc":"2.0","id":1,"method":"migrate.upgrade","params":{"target":7}}', -32602,
     "INVALID_PARAMS"),
    (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"daemon.ping"}', -32700, "PARSE_ERROR"),
    (b'{"jsonrpc":"2.0","id":1,"method":"migrate.plan","params":{"target":"a","target":"b"}}',
     -32700, "PARSE_ERROR"),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', -32700, "PARSE_ERROR"),
])
def test_bad_requests_are_named_and_the_connection_stays(daemon, line, number, word):
    with daemon.client() as client:
        client.send_bytes(line + b"\n")
        error = error_of(client)
        assert (error["code"], error["data"]["code"]) == (number, word)
        client.send_bytes(PING)
        assert client.receive()["result"]["service"] == "wovend"


def test_unknown_parameter_is_named(daemon):
    error = daemon.refused("migrate.upgrade", target="head", singel_transaction=True)
    assert "singel_transaction" in error["message"]


def test_notification_is_carried_out_and_not_answered(daemon):
    with daemon.client() as client:
        client.send({"jsonrpc": "2.0", "method": "migrate.upgrade", "params": {"target": "head"}})
        wait_until(lambda: daemon.status()["state"] == "at-head", "the upgrade without an answer")
        assert client.call("daemon.ping")["service"] == "wovend"


def test_depth_of_16_passes_and_17_does_not(daemon):
    with daemon.client() as client:
        for depth, word in ((16, "INVALID_PARAMS"), (17, "PARSE_ERROR")):
            inner = depth - 2
            client.send_bytes(b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping","params":{"x":'
                              + b"[" * inner + b"]" * inner + b"}}\n")
            assert error_of(client)["data"]["code"] == word, depth


def test_line_of_64_kib_passes_and_more_does_not(daemon):
    head, tail = b'{"jsonrpc":"2.0","id":1,"method":"daemon.ping"', b"}"
    fits = head + b" " * (65536 - len(head) - len(tail)) + tail
    with daemon.client() as client:
        client.send_bytes(fits + b"\n")
        assert client.receive()["result"]["service"] == "wovend"
        client.send_bytes(fits + b" \n")
        assert error_of(client)["data"]["code"] == "LIMIT_EXCEEDED"
        assert client.closed()
    assert still_serves(daemon)


def test_endless_line_is_cut_off(daemon):
    with daemon.client() as client:
        client.send_bytes(b"[" * 66000)
        assert error_of(client)["data"]["code"] == "LIMIT_EXCEEDED"
        assert client.closed()


def test_line_in_many_pieces(daemon):
    with daemon.client() as client:
        for byte in PING:
            client.send_bytes(bytes([byte]))
        assert client.receive()["id"] == 1


def test_many_requests_in_one_piece_are_all_answered_in_order(daemon):
    with daemon.client() as client:
        client.send_bytes(b"".join(
            b'{"jsonrpc":"2.0","id":%d,"method":"daemon.ping"}\n' % n for n in range(500)))
        assert [client.receive()["id"] for _ in range(500)] == list(range(500))


def test_half_closed_client_gets_its_answer(daemon):
    with daemon.client() as client:
        client.send_bytes(PING)
        client.socket.shutdown(socket.SHUT_WR)
        assert client.receive()["result"]["service"] == "wovend"
        assert client.receive() is None


def test_silence_is_ended(rig):
    daemon = rig.simple(1, settings={"timeouts": {"idle": "300ms"}})[2]
    with daemon.client() as client:
        assert error_of(client)["data"]["code"] == "LIMIT_EXCEEDED"
        assert client.closed()
    with daemon.client() as client:
        client.send_bytes(b'{"jsonrpc"')
        assert error_of(client)["data"]["code"] == "LIMIT_EXCEEDED", "half a line is silence too"


def test_waiting_for_a_job_is_not_silence(rig):
    project = rig.project(timeouts={"idle": "300ms"})
    project.add(GATE_TABLE + ";")
    project.add(WAIT_AT_GATE + ";")
    database = rig.database()
    daemon = rig.leader(project, database)
    with daemon.client() as client, daemon.client() as silent:
        request = client.request("migrate.upgrade", target="head", progress=False)
        assert silent.closed(), "the other one was silent for longer than allowed"
        wait_until(lambda: database.tables() == ["gate"], "the gate to be there")
        open_gate(database)
        assert client.answer(request)["result"]["outcome"] == "done"


def test_clients_at_once(rig):
    daemon = rig.simple(1, settings={"limits": {"clients": 5}})[2]
    clients = [daemon.client()]
    wait_until(lambda: clients[0].call("daemon.status")["clients"] == 1, "former clients to be gone")
    clients += [daemon.client() for _ in range(4)]
    for client in clients:
        client.call("daemon.ping")
    with daemon.client() as one_more:
        assert error_of(one_more)["data"]["code"] == "LIMIT_EXCEEDED"
        assert one_more.closed()
    clients[0].call("daemon.ping")
    clients.pop().close()

    def answers():
        try:
            with daemon.client() as client:
                client.send_bytes(PING)
                return "result" in client.receive()
        except BrokenPipeError:
            return False

    wait_until(answers, "a place to be free again")
    for client in clients:
        client.close()


@needs_root
def test_clients_of_one_user(rig):
    daemon = rig.simple(1, settings={"limits": {"clients_per_uid": 3}, "socket_mode": "0666"})[2]
    told = as_nobody(daemon, "more = [client] + [RawClient(sys.argv[2]) for _ in range(2)]\n"
                             "for one in more: one.call('daemon.ping')\n"
                             "last = RawClient(sys.argv[2])\n"
                             "print(last.receive()['error']['data']['code'], last.receive())\n")
    assert told == "LIMIT_EXCEEDED None"
    # Root is not counted: an operator always gets in.
    clients = [daemon.client() for _ in range(5)]
    for client in clients:
        client.call("daemon.ping")
        client.close()


@needs_root
def test_access_of_another_user(rig):
    daemon = rig.simple(1, settings={"socket_mode": "0666"})[2]
    told = as_nobody(daemon, "print(client.call('migrate.status')['state'])\n"
                             "print(client.refused('migrate.upgrade', target='head')['code'])\n"
                             "print(client.refused('daemon.reload')['code'])\n")
    assert told.split() == ["empty", "ACCESS_DENIED", "ACCESS_DENIED"]
    assert f"refused to uid {pwd.getpwnam('nobody').pw_uid}" in daemon.log_text()


@needs_root
def test_access_by_user_and_group(rig):
    daemon = rig.simple(1, settings={
        "socket_mode": "0666", "access": {"migrate": ["nobody"], "admin": ["@daemon"]}})[2]
    told = as_nobody(daemon, "print(client.call('migrate.upgrade', target='head')['outcome'])\n"
                             "print(client.refused('daemon.reload')['code'])\n")
    assert told.split() == ["done", "ACCESS_DENIED"]
    group = __import__("grp").getgrnam("daemon").gr_gid
    told = as_nobody(daemon, "print(client.call('daemon.reload')['reloaded'])\n", groups=[group])
    assert told == "True", "a supplementary group of the caller counts"
    assert daemon.refused("migrate.downgrade", target="base")["code"] == "ACCESS_DENIED", \
        "a list that is given is the whole list"


@needs_root
def test_socket_mode_keeps_others_out(rig):
    daemon = rig.simple(1)[2]
    assert daemon.socket.stat().st_mode & 0o777 == 0o660
    with pytest.raises(subprocess.CalledProcessError) as failure:
        as_nobody(daemon, "")
    assert "Permission" in failure.value.stderr


def test_slow_watcher_is_dropped_with_a_reason(rig):
    project = rig.project()
    project.add("DO $$ BEGIN FOR i IN 1..12000 LOOP RAISE NOTICE '%', repeat('x', 400); "
                "END LOOP; END $$;")
    daemon = rig.leader(project, rig.database())
    with daemon.client() as slow, daemon.client() as caller:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.request("migrate.watch")
        with daemon.logs("is closed: .*wait for this client"):
            upgrade = caller.request("migrate.upgrade", target="head")
        lines = []  # read at once: the reason is kept for two seconds
        while (line := slow.line()) is not None:
            lines.append(line)
        assert b"LAGGING" in lines[-1]
        assert caller.answer(upgrade)["result"]["outcome"] == "done"
    assert still_serves(daemon)


def test_caller_that_reads_late_gets_its_result(rig):
    project = rig.project()
    project.add("DO $$ BEGIN FOR i IN 1..12000 LOOP RAISE NOTICE '%', repeat('x', 400); "
                "END LOOP; END $$;")
    daemon = rig.leader(project, rig.database())
    with daemon.client() as slow:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = slow.request("migrate.upgrade", target="head")
        wait_until(lambda: daemon.status()["state"] == "at-head", "the job to end", 30)
        assert slow.answer(request)["result"]["outcome"] == "done"


def test_client_that_asks_and_never_reads_is_not_read_further(daemon):
    """Bounded in memory: what it sends stays in its own socket."""
    with daemon.client() as greedy:
        greedy.socket.setblocking(False)
        sent = 0
        try:
            while sent < 64 * 1024 * 1024:
                sent += greedy.socket.send(
                    b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}\n' * 1000)
        except BlockingIOError:
            pass
        assert sent < 16 * 1024 * 1024
        assert still_serves(daemon)
        with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        if not os.environ.get("WOVEN_SANITIZE"):
            assert peak < 64 * 1024, f"{peak} kB"


def test_garbage_of_all_kinds(daemon):
    for noise in (b"\0" * 1000 + b"\n", os.urandom(4000) + b"\n", b"{" * 60000 + b"\n", b"\n" * 5000,
                  b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 60000 + b'"}\n'):
        with RawClient(daemon.socket) as client:
            client.send_bytes(noise)
            client.socket.shutdown(socket.SHUT_WR)
            assert client.closed()
    assert still_serves(daemon)
