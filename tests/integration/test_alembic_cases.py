"""Alembic's answers, asked for as a user would: `wovenctl migrate plan ... --from ...`, no database.

The core has the whole list as a unit test; here every graph goes through revision files, the daemon
and the client's command line."""

import json
import pathlib

import pytest

CASES = pathlib.Path(__file__).parents[1] / "cases" / "alembic-cases.json"
LENIENT = {"internal_error", "bookkeeping_crash", "inconsistent_start", "inconsistent_result",
           "ambiguous_start", "warning_only", "empty_answer", "relative_refused"}
CODES = {"no_such_revision": {"REVISION_NOT_FOUND"}, "no_such_branch": {"REVISION_NOT_FOUND"},
         "ambiguous_id": {"AMBIGUOUS_REVISION"}, "multiple_heads": {"MULTIPLE_HEADS"},
         "ambiguous_current": {"MULTIPLE_HEADS"}, "ambiguous_walk": {"AMBIGUOUS_WALK"},
         "relative_out_of_range": {"RELATIVE_OUT_OF_RANGE"}, "not_ancestor": {"NOT_AN_ANCESTOR"},
         "not_in_branch": {"NOT_IN_BRANCH"}, "overlapping": {"OVERLAPPING"},
         "not_a_head": {"NOT_A_HEAD"}, "duplicate_heads": {"BAD_TARGET", "OVERLAPPING"},
         "range_required": {"BAD_TARGET"}, "range_not_allowed": {"BAD_TARGET"}}


def load_cases():
    data = json.loads(CASES.read_text(encoding="utf-8"))
    plans = {}
    for case in data["cases"]:
        if case["command"] in ("upgrade", "downgrade", "stamp") and not case["options"]:
            plans.setdefault(case["graph"], []).append(case)
    return data["graphs"], plans


def write_graph(project, revisions):
    for old in project.versions.glob("*.sql"):
        old.unlink()
    for number, revision in enumerate(revisions):
        (project.versions / f"{revision['id']}_{number}.sql").write_text(
            f"-- message: Number {number}\n-- revision: {revision['id']}\n"
            f"-- down_revision: {', '.join(revision['down'])}\n"
            f"-- branch_labels: {', '.join(revision['labels'])}\n"
            f"-- depends_on: {', '.join(revision['depends_on'])}\n\n"
            "-- woven:up\n\n-- woven:down\n", encoding="utf-8")


def in_order(expect, steps):
    if not expect.get("order_free"):
        return steps == expect["steps"]
    ids = [step[0] for step in steps]
    return (sorted(steps) == sorted(expect["steps"]) and
            all(ids.index(before) < ids.index(after)
                for before, after in expect.get("constraints", [])))


def fits(expect, answer):
    if "any_of" in expect:
        return any(fits(one, answer) for one in expect["any_of"])
    if expect.get("error"):
        return False
    steps = [[step["revision"], step["direction"]] for step in answer["steps"]]
    heads = sorted(answer["heads_after"])
    wanted = [sorted(expect[key]) for key in ("heads_after", "ideal_heads_after") if key in expect]
    return heads in wanted and in_order({"steps": [], **expect}, steps)


def judge(case, done):
    """None when the answer is right, else what is wrong."""
    expect, quirks = case["expect"], set(case["quirks"])
    answer = done.json
    if "error" in answer:
        if quirks & LENIENT:
            return None
        if expect.get("error"):
            codes = CODES.get(expect["kind"])
            return None if codes is None or answer["error"]["code"] in codes else "another error"
        return "an error"
    if fits(expect, answer) or ("ideal" in expect and fits(expect["ideal"], answer)):
        return None
    if quirks & {"applied_but_refused", "internal_error"} and expect.get("error"):
        return None if not answer["steps"] else "steps"
    return None if quirks & LENIENT else "another plan"


class Answer:
    """The same question over the raw socket, in the client's shape."""

    def __init__(self, client, case, targets):
        reply = client.answer(client.request("migrate.plan", direction=case["command"],
                                             target=targets, **{"from": case["current"]}))
        client.close()
        self.json = reply.get("result") or {"error": reply["error"]["data"]}


@pytest.fixture(name="planner")
def _planner(rig):
    project = rig.project()
    return project, rig.daemon(project, "host=/nowhere connect_timeout=1")


def test_plans_from_given_rows_need_no_database(planner):
    project, daemon = planner
    graphs, plans = load_cases()
    wrong, asked = [], 0
    for name, cases in plans.items():
        write_graph(project, graphs[name])
        # The first of each graph by its command line, the others over the socket: 1,300 processes
        # would say the same.
        for number, case in enumerate(cases):
            targets = case["target"] if isinstance(case["target"], list) else [case["target"]]
            if number % 10 == 0:
                done = daemon.ctl("migrate", "plan", case["command"], *targets, "--from",
                                  *(case["current"] or ["base"]), expect=None)
            else:
                done = Answer(daemon.client(), case, targets)
            asked += 1
            problem = judge(case, done)
            if problem is not None:
                wrong.append(f"{case['name']}: {problem}: {done.json}")
    assert asked > 1000
    assert not wrong, "\n".join(wrong[:20])
