"""The shapes that scripts may lean on: each field with its type, for every command with --json."""

import pytest

TEXTS = [str]
STEP = {"revision": str, "direction": str, "message": str}
RUN_STEP = {**STEP, "seconds": (float, int, type(None)), "done": bool}
REVISION = {"revision": str, "down_revision": TEXTS, "depends_on": TEXTS, "branch_labels": TEXTS,
            "message": str, "path": str, "is_head": bool, "is_current": bool,
            "is_branch_point": bool, "is_merge_point": bool}
STATUS = {"project": str, "state": str, "current": TEXTS, "heads": TEXTS,
          "pending": [{"revision": str, "message": str}], "ahead": TEXTS, "role": str,
          "leader": (dict, type(None)), "database": dict, "job": (dict, type(None))}
PLAN = {"current": TEXTS, "steps": [STEP], "heads_after": TEXTS}
JOB = {**PLAN, "steps": [RUN_STEP], "outcome": str}


def check(value, shape, where="document"):
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        for key, inner in shape.items():
            assert key in value, f"{where} lacks {key}"
            check(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            check(item, shape[0], f"{where}[{number}]")
    else:
        assert isinstance(value, shape), f"{where} is {value!r}"
        assert shape is not int or not isinstance(value, bool), where


@pytest.fixture(name="branched")
def _branched(rig):
    """A base, two branches and a merge point; applied up to the base."""
    project = rig.project()
    base = project.add("CREATE TABLE base ();", "DROP TABLE base;")
    left = project.add("SELECT 1;", down_revision=base, header="-- branch_labels: left\n")
    right = project.add("SELECT 1;", down_revision=base, header=f"-- depends_on: {left}\n")
    project.add("SELECT 1;", down_revision=f"{left}, {right}")
    daemon = rig.leader(project, rig.database())
    daemon.ctl("migrate", "upgrade", base)
    return daemon


@pytest.mark.parametrize("command, shape", [
    ("status", STATUS),
    ("current", {"revisions": [REVISION]}),
    ("heads", {"revisions": [REVISION]}),
    ("history", {"revisions": [REVISION]}),
    ("show head", {"revisions": [REVISION]}),
    ("branches", {"revisions": [REVISION]}),
    ("plan head", PLAN),
    ("plan downgrade base", PLAN),
    ("plan stamp head", PLAN),
    ("upgrade head", JOB),
    ("upgrade 0001c0ffee00", JOB),
    ("downgrade base", JOB),
    ("stamp head", JOB),
])
def test_document(branched, command, shape):
    document = branched.ctl("migrate", *command.split()).json
    check(document, shape)
    assert document.get("revisions", "none") != []
    assert document.get("state", "behind") == "behind"
    assert document.get("outcome", "done") in ("done", "nothing-to-do")


@pytest.mark.parametrize("up, fields", [
    ("SELECT 1;\nSELECT nothing;", {"code": str, "message": str, "sqlstate": str, "file": str,
                                    "line": int, "column": int, "statement": str}),
])
def test_failed_job(rig, up, fields):
    project = rig.project()
    project.add(up)
    daemon = rig.leader(project, rig.database())
    document = daemon.ctl("migrate", "upgrade", "head", expect=1).json
    check(document, {**JOB, "error": fields})
    assert document["outcome"] == "failed"


@pytest.mark.parametrize("command, status, code", [
    ("upgrade nowhere", 1, "REVISION_NOT_FOUND"),
    ("upgrade 000", 1, "AMBIGUOUS_REVISION"),
    ("downgrade +1", 1, None),
    ("upgrade +9", 1, "AMBIGUOUS_WALK"),
    ("downgrade -9", 1, "RELATIVE_OUT_OF_RANGE"),
    ("upgrade a@b@c", 1, None),
    ("show nowhere", 1, "REVISION_NOT_FOUND"),
    ("plan downgrade nowhere", 1, "REVISION_NOT_FOUND"),
    ("cancel", 1, "NO_SUCH_JOB"),
])
def test_error(branched, command, status, code):
    result = branched.ctl("migrate", *command.split(), expect=None)
    check(result.json, {"error": {"code": str, "message": str}})
    assert result.status in (status, 2) and (code is None or result.error["code"] == code)


def test_faulty_files(rig):
    project = rig.project()
    project.add_tables(1)
    project.add("COMMIT;")
    project.add("SELECT 'open;")
    daemon = rig.daemon(project, rig.database())
    result = daemon.ctl("migrate", "upgrade", "head", expect=1)
    problem = {"kind": str, "file": str, "line": int, "message": str}
    check(result.json, {"error": {"code": str, "message": str, "problems": [problem]}})
    assert result.error["code"] == "LOAD_ERROR" and len(result.error["problems"]) == 2
