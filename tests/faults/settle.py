"""After the storm: waits until everything is whole, and does what only a person may decide."""

from rig.waiting import wait_until

from .clients import Asking
from .faults import OURS
from .fleet import patient

WHOLE = 45  # seconds; a daemon tries a server that was away again after at most 15


class Stuck(AssertionError):
    """The world did not become whole again."""


def _roles(fleet):
    return sorted(member.daemon.status()["role"] for member in fleet.members)


def _is_quiet(fleet):
    if _roles(fleet) != ["leader"] + ["standby"] * (len(fleet.members) - 1):
        return False
    return all(member.daemon.status()["job"] is None and
               member.daemon.call("daemon.status")["jobs_waiting"] == 0 for member in fleet.members)


def _check_alive(fleet):
    for member in fleet.members:
        if not member.daemon.running:
            raise Stuck(f"{member.name} ended by itself, status {member.daemon.process.returncode}:"
                        f"\n{member.daemon.log_tail()}")


def wait_until_whole(fleet):
    """One leads, the others stand by, no job runs, and the server holds nothing of the dead."""
    _check_alive(fleet)
    fleet.database.run("DELETE FROM audit.trouble")
    seconds = patient(WHOLE) / 3
    try:
        wait_until(lambda: _is_quiet(fleet), "one leader, standbys, no job", seconds)
        wait_until(lambda: fleet.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE " + OURS.replace("%%", "%")) ==
            2 * len(fleet.members), "two sessions for each daemon", seconds)
        wait_until(lambda: fleet.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in%'") == 0, "no session idle in transaction", seconds)
        locks = fleet.database.run("SELECT granted FROM pg_locks WHERE locktype = 'advisory'")
        assert locks == [(True,)], f"one session holds the lock, not {locks}"
    except AssertionError as error:
        roles = [(member.name, member.daemon.status()) for member in fleet.members]
        raise Stuck(f"{error}\n{roles}") from error


def _find_leader(fleet):
    return next(member for member in fleet.members
                if member.daemon.status()["role"] == "leader")


def _ask(member, method, **params):
    answer = Asking(member, method, **params).run()
    if answer.end != "answered":
        raise Stuck(f"the operator got no answer: {answer}")
    return answer


def _statement_is_done(fleet, interrupted):
    """Looks at the catalog, as the error's hint says. Drops an index that was left half built."""
    database, text = fleet.database, interrupted["text"]
    revision, direction = interrupted["revision"], interrupted["direction"]
    made = fleet.history.made[revision]
    if "pg_sleep" in text:
        return True
    if "CONCURRENTLY" in text:
        valid = database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
                               f"{made.name}_i")
        if direction == "down":
            return valid is None
        if valid is False:
            database.run(f"DROP INDEX CONCURRENTLY {made.name}_i")
        return valid is True
    # Every other statement leaves a note: is the last one this statement's?
    parts = text.rsplit(f"'{direction}', ", 1)[1]
    part = int(parts.split(",")[0])
    last = database.run("SELECT direction, part FROM audit.wrote WHERE source = 'step' AND "
                        "revision = %s ORDER BY id DESC LIMIT 1", revision)
    return last == [(direction, part)]


def repair(fleet, storm):
    """Brings a step that was cut off outside a transaction to its end, as an operator would."""
    for _ in range(40):
        leader = _find_leader(fleet)
        interrupted = leader.seen()["interrupted"]
        if interrupted is None:
            return
        storm.count("(step repaired)")
        up = interrupted["direction"] == "up"
        revision = interrupted["revision"]
        target = revision if up else (fleet.history.parents[revision] or "base")
        method = "migrate.upgrade" if up else "migrate.downgrade"
        answer = _ask(leader, method, target=target, tag="operator")
        if answer.error is not None:
            raise Stuck(f"the interrupted step cannot be taken up: {answer}")
        if answer.result["outcome"] in ("done", "nothing-to-do"):
            continue
        if answer.result["error"]["code"] != "STEP_INTERRUPTED":
            raise Stuck(f"the interrupted step {interrupted} cannot be taken up: {answer}")
        action = "done" if _statement_is_done(fleet, interrupted) else "again"
        if action == "again" and interrupted["statement"] == 1 and storm.random.random() < 0.5:
            action = "abandon"
        answer = _ask(leader, "migrate.repair", action=action)
        if answer.error is not None or answer.result["outcome"] != "done":
            raise Stuck(f"repair --{action}: {answer}")
    raise Stuck(f"still interrupted after 40 repairs: {interrupted}")


def finish(fleet, storm):
    """Repairs, and sometimes leaves a database that is at head or empty."""
    wait_until_whole(fleet)
    repair(fleet, storm)
    word = storm.random.choice(("leave", "leave", "up", "down"))
    if word == "up":
        answer = _ask(_find_leader(fleet), "migrate.upgrade", target="heads", tag="operator")
    elif word == "down":
        answer = _ask(_find_leader(fleet), "migrate.downgrade", target="base", tag="operator")
    else:
        return
    if answer.error is not None or answer.result["outcome"] not in ("done", "nothing-to-do"):
        raise Stuck(f"in quiet times: {answer}")
