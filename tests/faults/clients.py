"""Clients of all kinds: they ask, change, cancel and vanish, and write down each answer."""

import dataclasses
import json
import random
import signal
import threading
import time

from rig.raw import RawClient

from .fleet import patient

DEADLINE = 60  # seconds until an answer counts as hanging; the faults themselves take up to 15


@dataclasses.dataclass
class Answer:
    """What became of one request. `end`: answered, closed, refused (no connection), silent, left
    (the client itself went away)."""

    member: object
    method: str
    params: dict
    began: float
    ended: float = 0.0
    end: str = "silent"
    result: dict = None
    error: dict = None
    accepted: bool = False
    job: int = None
    status: int = None  # wovenctl's exit status
    held: float = 0.0  # from when on it had the lock
    released: float = 0.0  # 0: never

    @property
    def tag(self):
        return self.params.get("tag")

    @property
    def word(self):
        """In one word what was told, for the count."""
        if self.end != "answered":
            return self.end
        error = self.error or self.result.get("error")
        return error["code"] if error else self.result.get("outcome") or "answered"

    def __str__(self):
        what = json.dumps(self.result if self.error is None else self.error)
        return (f"{self.member.name} {self.method} {self.params} from {self.began:.3f} to "
                f"{self.ended:.3f}: {self.end} {'' if self.status is None else self.status} {what}")


class Asking:
    """One request over the raw socket, and its way to the answer."""

    def __init__(self, member, method, **params):
        self.answer = Answer(member, method, params, time.time())
        self.client = None

    def _connect(self):
        try:
            self.client = RawClient(self.answer.member.socket, seconds=patient(DEADLINE) / 3)
            self.client.seconds = patient(DEADLINE)
            return True
        except TimeoutError:
            self.answer.end = "silent"
        except OSError:
            self.answer.end = "refused"
        return False

    def run(self, on_event=None):
        if self._connect():
            try:
                self._converse(on_event)
            except TimeoutError:
                self.answer.end = "silent"
            except OSError:
                self.answer.end = "closed"
            finally:
                self.client.close()
        self.answer.ended = time.time()
        return self.answer

    def _converse(self, on_event):
        answer = self.answer
        request = self.client.request(answer.method, **answer.params)
        while True:
            message = self.client.receive()
            if message is None:
                answer.end = "closed"
                return
            if "method" in message:
                answer.accepted = True
                answer.job = message["params"]["job"]
                if on_event is not None and on_event(answer, message["params"]) is False:
                    answer.end = "left"
                    return
            elif message.get("id") == request:
                answer.end = "answered"
                answer.result = message.get("result")
                answer.error = message["error"]["data"] if "error" in message else None
                return


class Client(threading.Thread):
    """Works until told to stop; each has a source of randomness of its own."""

    def __init__(self, crowd, name):
        super().__init__(name=name, daemon=True)
        self.crowd = crowd
        self.fleet = crowd.fleet
        self.random = random.Random(f"{crowd.seed}/{name}")
        self.asked = 0
        self.trouble = None

    def run(self):
        try:
            while not self.crowd.stop.is_set():
                self.act()
                self.crowd.stop.wait(self.random.uniform(0, 0.15))
        except Exception as error:  # pylint: disable=broad-except
            self.trouble = f"client {self.name}: {error!r}"

    def act(self):
        raise NotImplementedError

    def tag(self):
        self.asked += 1
        return f"{self.name}-{self.asked}"

    def someone(self):
        """The leader more often than the others, so that something gets done."""
        leader = self.fleet.leader() if self.random.random() < 0.5 else None
        return leader or self.random.choice(self.fleet.members)

    def change(self):
        """A method and its parameters."""
        history, pick = self.fleet.history, self.random.choice
        kind = self.random.choices(("up", "down", "stamp"), (10, 6, 2))[0]
        params = {"tag": self.tag()}
        if self.random.random() < 0.3:
            params["wait_ms"] = self.random.randrange(200, 8000)
        if self.random.random() < 0.15:
            params["hand_over"] = False
        if kind == "up":
            params["target"] = pick(["heads"] * 4 + ["main@head", "side@head", "main@+1", "main@+2",
                                                     pick(history.main), pick(history.side)])
            if self.random.random() < 0.1:
                params["single_transaction"] = True
            return "migrate.upgrade", params
        if kind == "down":
            params["target"] = pick(["main@-1", "main@-2", "side@-1", "side@-2", "-1",
                                     pick(history.main), pick(history.side)])
            return "migrate.downgrade", params
        params["target"] = pick(history.marks)
        return "migrate.stamp", params


class Changer(Client):
    """Upgrades, downgrades and stamps; now and then it cancels its job or just leaves."""

    def act(self):
        method, params = self.change()
        member = self.someone()
        fate = self.random.choices(("wait", "cancel", "leave"), (8, 1, 1))[0]
        events = self.random.randrange(1, 12)
        seen = 0

        def on_event(answer, _event):
            nonlocal seen
            seen += 1
            if seen != events or fate == "wait":
                return True
            self.crowd.count("client " + fate)
            if fate == "leave":
                return False
            self.crowd.record(Asking(member, "migrate.cancel", job=answer.job).run())
            return True

        self.crowd.record(Asking(member, method, **params).run(on_event))


class Reader(Client):
    """Asks what any host may answer at any time."""

    QUESTIONS = (("migrate.status", {}), ("migrate.status", {}), ("migrate.current", {}),
                 ("migrate.plan", {"target": "heads"}), ("migrate.history", {}),
                 ("migrate.verify", {}), ("migrate.log", {}),
                 ("daemon.status", {}), ("migrate.watch", {"follow": False}), ("daemon.ping", {}),
                 ("migrate.plan", {"direction": "downgrade", "target": "main@-1"}))

    def act(self):
        method, params = self.random.choice(self.QUESTIONS)
        self.crowd.record(Asking(self.random.choice(self.fleet.members), method, **params).run())


class Waiter(Client):
    """Waits for a schema, as an application does before it starts."""

    def act(self):
        history = self.fleet.history
        target = self.random.choice(["heads", *history.main, *history.side, *history.marks])
        member, wait_ms = self.random.choice(self.fleet.members), self.random.randrange(100, 5000)
        self.crowd.record(Asking(member, "migrate.wait", target=target, wait_ms=wait_ms).run())


class Holder(Client):
    """Holds the lock for another tool's migration, as run-locked does; now and then it just leaves."""

    def act(self):
        asking = Asking(self.someone(), "lock.hold", program="tool", tag=self.tag(),
                        wait_ms=self.random.randrange(500, 8000))
        leaves = self.random.random() < 0.1
        takes = self.random.uniform(0.01, 0.6)

        def on_event(answer, event):
            if event["event"] == "held":
                self.crowd.count("client holds")
                answer.held = time.time()
                self.crowd.stop.wait(takes)
                if leaves:
                    return False
                answer.released = time.time()
                asking.client.request("lock.release", job=event["job"], exit_status=0)
            return True

        self.crowd.record(asking.run(on_event))
        self.crowd.stop.wait(self.random.uniform(0, 1))


class Typist(Client):
    """A person with wovenctl, who sometimes presses Ctrl-C and sometimes is cut off by kill -9."""

    def act(self):
        method, params = self.change()
        member = self.someone()
        answer = Answer(member, method, params, time.time())
        words = ["migrate", method.split(".")[1], "--tag", params["tag"]]
        if params.get("single_transaction"):
            words.append("--single-transaction")
        if params.get("hand_over") is False:
            words.append("--no-hand-over")
        process = member.daemon.ctl_process(*words, "--", params["target"])
        fate = self.random.choices((None, signal.SIGINT, signal.SIGKILL), (6, 2, 2))[0]
        if fate is not None:
            self.crowd.stop.wait(self.random.uniform(0.02, 0.6))
            if process.poll() is None:
                self.crowd.count("client SIGINT" if fate == signal.SIGINT else "client SIGKILL")
                process.send_signal(fate)
        self._take(answer, process, fate)
        self.crowd.record(answer)

    def _take(self, answer, process, fate):
        try:
            out, err = process.communicate(timeout=patient(DEADLINE))
        except Exception:  # pylint: disable=broad-except
            process.kill()
            process.communicate()
            answer.ended = time.time()
            return
        answer.ended = time.time()
        answer.status = process.returncode
        # A Ctrl-C that comes before it listens for one ends it as it ends any program.
        if fate is not None and process.returncode == -fate:
            answer.end = "left"
            return
        if "Sanitizer" in err or "runtime error" in err:
            raise AssertionError("wovenctl: " + err)
        try:
            said = json.loads(out)
        except json.JSONDecodeError:
            raise AssertionError(f"wovenctl {answer}: no JSON: {out!r} {err!r}") from None
        answer.end = "answered"
        if "outcome" in said:
            answer.result = said
        else:
            answer.error = said["error"]
            if answer.error["code"] == "NO_DAEMON":
                answer.end = "closed"
            elif answer.error["code"] == "TIMED_OUT" and process.returncode == 5:
                answer.end = "silent"
            elif answer.status == 7:
                answer.end = "left"


class Crowd:
    """The clients of one round and all that they were told."""

    def __init__(self, fleet, seed, count):
        self.fleet = fleet
        self.seed = seed
        self.count = count
        self.stop = threading.Event()
        self.refusals = 0
        self.blocked = threading.Event()  # an interrupted step lets nothing else run
        self.answers = []
        kinds = ((Changer, "c", 5), (Reader, "q", 3), (Waiter, "w", 2), (Typist, "t", 1),
                 (Holder, "h", 1))
        self.clients = [kind(self, f"r{seed.split('/')[-1]}{letter}{number}")
                        for kind, letter, many in kinds for number in range(many)]

    def record(self, answer):
        self.answers.append(answer)  # a list's append is atomic
        if answer.word == "STEP_INTERRUPTED" and answer.tag is not None:
            self.refusals += 1
            if self.refusals > 8:
                self.blocked.set()

    def start(self):
        for client in self.clients:
            client.start()

    def finish(self):
        """All come home with their last answers; returns who did not."""
        self.stop.set()
        deadline = time.monotonic() + patient(DEADLINE) * 2.5
        troubles = []
        for client in self.clients:
            client.join(max(0.1, deadline - time.monotonic()))
            if client.is_alive():
                troubles.append(f"client {client.name} never came back")
            elif client.trouble:
                troubles.append(client.trouble)
        return troubles
