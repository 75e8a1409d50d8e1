"""What must hold after each round: what the server wrote down against what clients were told."""

import collections

from .revisions import History

# Answers that no fault here excuses: each would be a fault of the programs or of the harness.
NEVER = {"INTERNAL", "PARSE_ERROR", "INVALID_REQUEST", "METHOD_NOT_FOUND", "INVALID_PARAMS",
         "LIMIT_EXCEEDED", "LAGGING", "EDITED_REVISION", "LOAD_ERROR", "TRANSACTION_BROKEN",
         "POOLER", "LEDGER_TOO_NEW", "CONFIG_ERROR", "IRREVERSIBLE", "REVISION_NOT_FOUND", "BUSY",
         "AMBIGUOUS_REVISION", "ACCESS_DENIED"}
# SQLSTATEs that the faults cause: on purpose, cancelled, ended, locks, a server that goes.
CAUSED = {"P0001", "57014", "57P01", "57P02", "57P03", "55P03", "40P01"}

EXIT = {"done": 0, "nothing-to-do": 0, "cancelled": 7}
VISIBLE = 1.0  # seconds from a commit's time stamp until others see the commit, at most
LOSABLE = 2.0  # seconds before a crash in which what was seen may be lost with it

WROTE = """
SELECT id, source, revision, direction, part, parts, heads, xid::text::bigint AS xid, backend,
       extract(epoch FROM at)::float8 AS at, token, locks,
       extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS committed
  FROM audit.wrote WHERE id > %s ORDER BY id"""
HISTORY = """
SELECT id, revision, kind, outcome, token, job, tag, xmin::text::bigint AS xid,
       extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS committed
  FROM woven.history WHERE id > %s ORDER BY id"""


def _rows(database, name, sql, last):
    rows = database.run(sql, last)
    columns = {"wrote": ("id source revision direction part parts heads xid backend at token locks "
                         "committed"),
               "history": "id revision kind outcome token job tag xid committed"}[name]
    kind = collections.namedtuple(name.capitalize(), columns)
    return [kind(*row) for row in rows]


class Judge:
    """Keeps what it has read; each round adds to it."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.history: History = fleet.history
        self.last_wrote = self.last_history = 0
        self.wrote = []
        self.by_tag = collections.defaultdict(list)
        self.timeline = [(0.0, frozenset(), 0)]  # (committed, heads, xid)
        self.token = self.at = 0
        self.backends = {}
        self.open_parts = collections.defaultdict(list)
        self.faults = []
        self.steps = 0
        self.round = []  # what was written in it
        self.holds = []  # (from, until, answer): the lock was held for a client's command

    def fault(self, text):
        self.faults.append(text)

    def judge(self, answers):
        """The faults found in what happened since the last call."""
        self.faults = []
        wrote = _rows(self.fleet.database, "wrote", WROTE, self.last_wrote)
        rows = _rows(self.fleet.database, "history", HISTORY, self.last_history)
        self.last_wrote = wrote[-1].id if wrote else self.last_wrote
        self.last_history = rows[-1].id if rows else self.last_history
        for row in rows:
            self.by_tag[row.tag].append(row)
        self._one_writer(wrote, rows)
        self._steps(wrote, rows)
        self._heads(wrote, rows)
        self._catalog()
        self.round = wrote
        self.holds = []
        for answer in answers:
            self._answer(answer)
        self._cancels(answers)
        return self.faults

    # What the server wrote down.

    def _one_writer(self, wrote, rows):
        # How a command ended whose session was lost is written by whoever is there, later.
        late = {row.xid for row in rows if row.kind == "run-locked" and row.outcome != "done"}
        wrote = [row for row in wrote if row.xid not in late]
        rows = [row for row in rows if row.xid not in late]
        for row in wrote:
            if row.locks != 1:
                self.fault(f"written without the project's lock: {row}")
            if row.token < self.token or row.at < self.at:
                self.fault(f"an older leader wrote after a newer one (token {self.token}): {row}")
            self.token, self.at = max(self.token, row.token), max(self.at, row.at)
            if self.backends.setdefault(row.token, row.backend) != row.backend:
                self.fault(f"two sessions wrote under one token: {self.backends[row.token]}, {row}")
        tokens = {row.xid: row.token for row in wrote}
        for row in rows:
            if tokens.get(row.xid) != row.token:
                self.fault(f"history names another token than led ({tokens.get(row.xid)}): {row}")

    def _steps(self, wrote, rows):
        """Each step that the history calls done ran once and whole, and no other ran."""
        done = collections.Counter((row.xid, row.revision, row.kind) for row in rows
                                   if row.outcome == "done" and row.kind in ("up", "down"))
        loose_ends = {row.xid: row for row in rows if row.outcome == "done"
                      and row.kind in ("up", "down") and self.history.is_loose(row.revision)}
        ran = collections.Counter()
        for row in wrote:
            if row.source == "step" and self.history.is_loose(row.revision):
                self.open_parts[row.revision].append((row.direction, row.part))
            elif row.source == "step":
                ran[row.xid, row.revision, row.direction] += 1
            elif row.source == "history" and row.xid in loose_ends:
                self._loose_end(loose_ends.pop(row.xid))
        bound = {key: count for key, count in done.items() if not self.history.is_loose(key[1])
                 and self.history.made[key[1]].kind != "mark"}
        for key in set(ran) | set(bound):
            if ran[key] != 1 or bound.get(key, 0) != 1:
                self.fault(f"(transaction, revision, direction) {key}: ran {ran[key]} times, "
                           f"recorded {bound.get(key, 0)} times")
        for revision, parts in self.open_parts.items():
            if parts:
                self.fault(f"revision {revision} ran in part: {parts}")
        self.steps += sum(done.values())

    def _loose_end(self, row):
        parts, self.open_parts[row.revision] = self.open_parts[row.revision], []
        kind = self.history.made[row.revision].kind
        wanted = {"loose": (1, 2, 3), "index": (1, 2) if row.kind == "up" else (2,)}[kind]
        if parts != [(row.kind, part) for part in wanted]:
            self.fault(f"{row} is called done, but ran {parts}")

    def _heads(self, wrote, rows):
        """The version table moved as the history says, transaction by transaction."""
        moves = {}
        for row in wrote:
            if row.source == "heads":
                moves.pop(row.xid, None)
                moves[row.xid] = row
        said = collections.defaultdict(list)
        for row in rows:
            if row.outcome == "done" and row.kind in ("up", "down", "stamp"):
                said[row.xid].append(row)
        for xid, row in moves.items():
            before, after = self.timeline[-1][1], frozenset(row.heads)
            self.timeline.append((row.committed, after, xid))
            self._move(self.history.closure(before), self.history.closure(after),
                       said.pop(xid, []), row)
        for xid, rest in said.items():
            self.fault(f"transaction {xid} is in the history and did not move the versions: {rest}")

    def _move(self, before, after, said, row):
        ups = {item.revision for item in said if item.kind == "up"}
        downs = {item.revision for item in said if item.kind == "down"}
        if any(item.kind == "stamp" for item in said):
            if before ^ after <= set(self.history.marks) and len(said) == 1:
                return
        elif said and after - before == ups - downs and before - after == downs - ups:
            return
        self.fault(f"versions moved by +{after - before} -{before - after}, the history says "
                   f"{said}: {row}")

    def _catalog(self):
        database = self.fleet.database
        heads = frozenset(database.heads())
        if heads != self.timeline[-1][1]:
            self.fault(f"version table {heads}, last written {self.timeline[-1][1]}")
        applied = self.history.closure(heads)
        ledger = {row[0] for row in database.run("SELECT id FROM woven.revision")}
        if ledger != applied:
            self.fault(f"woven.revision differs from the version table: {ledger ^ applied}")
        tables = set(database.tables()) - {"shared"}
        wanted = set().union(*(self.history.made[item].tables for item in applied))
        if tables != wanted:
            self.fault(f"tables differ from the ledger: {tables ^ wanted}")
        indexes = {row[0] for row in database.run(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indexrelid::regclass::text ~ "
            "'^m.*_i$' AND indisvalid")}
        wanted = set().union(*(self.history.made[item].indexes for item in applied))
        if indexes != wanted:
            self.fault(f"valid indexes differ from the ledger: {indexes ^ wanted}")
        if database.value("SELECT count(*) FROM woven.journal"):
            self.fault("the journal is not empty")
        for member in self.fleet.members:
            told = member.seen()
            if frozenset(told["current"]) != heads or told["role"] not in ("leader", "standby"):
                self.fault(f"{member.name} in quiet times says {told}")

    # What the clients were told.

    def _answer(self, answer):
        endings = answer.member.ended_between(answer.began, answer.ended)
        if answer.end == "silent":
            self.fault(f"no answer in time: {answer}")
        elif answer.end in ("closed", "refused"):
            if not endings:
                self.fault(f"no answer from a daemon that was there: {answer}")
            elif endings == {"term"} and answer.accepted:
                self.fault(f"a daemon that stopped in order dropped an accepted job: {answer}")
        elif answer.end == "answered":
            self._said(answer)

    def _said(self, answer):
        error = answer.error or (answer.result or {}).get("error")
        if error is not None:
            self._error(answer, error)
        if answer.error is not None:
            if self._done_rows(answer):
                self.fault(f"refused, but it ran {self._done_rows(answer)}: {answer}")
        elif answer.method == "lock.hold":
            self._held(answer)
        elif "outcome" in answer.result and answer.tag is not None:
            self._job(answer)
        elif answer.method in ("migrate.status", "migrate.current", "migrate.plan"):
            self._state(answer)
        elif answer.method == "migrate.wait":
            self._waited(answer)
        elif answer.method == "migrate.verify" and not answer.result["clean"]:
            self.fault(f"the files are what was applied, but: {answer}")

    def _error(self, answer, error):
        if error["code"] in NEVER:
            self.fault(f"an error that nothing explains: {answer}")
        if error["code"] in ("SQL_ERROR", "LOCK_TIMEOUT") and error.get("sqlstate") not in CAUSED:
            self.fault(f"an SQL error that nothing explains: {answer}")

    def _done_rows(self, answer):
        return [row for row in self.by_tag.get(answer.tag, ())
                if row.outcome == "done" and row.kind in ("up", "down", "stamp")
                and answer.tag is not None]

    def _job(self, answer):
        result, rows = answer.result, self._done_rows(answer)
        outcome = result["outcome"]
        if answer.status is not None and outcome in EXIT and answer.status != EXIT[outcome]:
            self.fault(f"the exit status is not that of the outcome: {answer}")
        if (outcome in ("failed", "cancelled")) != (result.get("error") is not None):
            self.fault(f"outcome and error disagree: {answer}")
        hint = (result.get("error") or {}).get("hint") or ""
        unknown = outcome == "failed" and "not known yet" in hint
        if answer.method == "migrate.stamp":
            if len(rows) != (outcome == "done") and not unknown:
                self.fault(f"a stamp, and the history has {rows}: {answer}")
        else:
            self._job_steps(answer, rows, unknown)
        if outcome == "done":
            self._done(answer, rows)
        if outcome == "nothing-to-do":
            self._seen(answer, result["current"])

    def _held(self, answer):
        """Whoever was told that he had the lock to the end was alone with the database."""
        outcome = answer.result["outcome"]
        if any(row.outcome != outcome for row in self.by_tag.get(answer.tag, ())):
            self.fault(f"the history has {self.by_tag[answer.tag]}: {answer}")
        if outcome != "done":
            return
        if not answer.released:
            self.fault(f"done, and it never said so: {answer}")
        for row in self.round:
            if answer.held < row.at < answer.released:
                self.fault(f"while a command had the lock, from {answer.held:.3f} to "
                           f"{answer.released:.3f}, somebody wrote: {row}")
        for begin, end, other in self.holds:
            if answer.held < end and begin < answer.released:
                self.fault(f"two commands had the lock at once: {answer}, {other}")
        self.holds.append((answer.held, answer.released, answer))

    def _job_steps(self, answer, rows, unknown):
        result = answer.result
        told = [(step["revision"], step["direction"]) for step in result["steps"] if step["done"]]
        there = [(row.revision, row.kind) for row in rows]
        if told != there and not (unknown and told == there[:len(told)]):
            self.fault(f"told as done {told}, in the history {there}: {answer}")
        if result["outcome"] == "done" and len(told) != len(result["steps"]):
            self.fault(f"done, but not all steps are: {answer}")
        if result["outcome"] == "nothing-to-do" and there:
            self.fault(f"nothing to do, but it ran {there}: {answer}")

    def _done(self, answer, rows):
        if not rows:
            self.fault(f"done, and the history knows nothing of it: {answer}")
            return
        if rows[-1].committed > answer.ended + 0.01:
            self.fault(f"done was told before the commit at {rows[-1].committed}: {answer}")
        heads = next((heads for _, heads, xid in self.timeline if xid == rows[-1].xid), None)
        if heads is None or set(answer.result["heads_after"]) != set(heads):
            self.fault(f"heads_after is not what the last step left, {heads}: {answer}")

    def _state(self, answer):
        result = answer.result
        if answer.method == "migrate.status":
            if result.get("stale") or not result["database"]["reachable"]:
                return
            self._seen(answer, result["current"])
        elif answer.method == "migrate.current":
            self._seen(answer, [item["revision"] for item in result["revisions"]])
        else:
            self._seen(answer, result["current"])

    def _waited(self, answer):
        target = answer.params["target"]
        wanted = self.history.heads() if target == "heads" else {target}
        if not wanted <= self.history.closure(answer.result["current"]):
            self.fault(f"waited for what is not there: {answer}")
        self._seen(answer, answer.result["current"])

    def _seen(self, answer, heads):
        """The database was in that state at some time between question and answer."""
        if self.fleet.server_ended_between(answer.began, answer.ended + LOSABLE):
            return
        heads = frozenset(heads)
        for number, (committed, state, _) in enumerate(self.timeline):
            follows = self.timeline[number + 1][0] if number + 1 < len(self.timeline) else None
            if state == heads and committed <= answer.ended and (
                    follows is None or follows + VISIBLE >= answer.began):
                return
        self.fault(f"the database was never at {sorted(heads)} at that time: {answer}")

    def _cancels(self, answers):
        """Whoever cancelled a job was told of the same end as its caller."""
        jobs = [answer for answer in answers if answer.tag is not None and answer.end == "answered"]
        for cancel in answers:
            if cancel.method != "migrate.cancel" or cancel.result is None:
                continue
            told = {(job.result or {"outcome": "failed"})["outcome"] for job in jobs
                    if job.member is cancel.member and job.job == cancel.params["job"]
                    and job.began <= cancel.began <= cancel.ended + 1 and job.ended >= cancel.began}
            if len(told) == 1 and told != {cancel.result["outcome"]}:
                self.fault(f"the canceller was told otherwise than the caller ({told}): {cancel}")
