"""What a developer does with revisions: looking at the graph, writing files, moving them."""

import pytest

from rig.programs import clean_environment

MAIN, LEFT, RIGHT, JOIN, TIP = "aaaa00000001", "bbbb00000001", "cccc00000001", "dddd00000001", "eeee00000001"


@pytest.fixture(name="branched")
def _branched(rig):
    """A branch point, two branches, their merge, and one more branch that depends on the left one."""
    project = rig.project()
    project.add("CREATE TABLE main_t ();", "DROP TABLE main_t;", revision=MAIN, message="main")
    project.add("CREATE TABLE left_t ();", "DROP TABLE left_t;", revision=LEFT, message="left")
    project.add("CREATE TABLE right_t ();", "DROP TABLE right_t;", revision=RIGHT, message="right",
                down_revision=MAIN)
    project.add("", "", revision=JOIN, message="join", down_revision=f"{LEFT}, {RIGHT}")
    project.add("CREATE TABLE tip_t ();", "DROP TABLE tip_t;", revision=TIP, message="tip",
                down_revision=RIGHT, header=f"-- depends_on: {LEFT}\n-- branch_labels: side")
    database = rig.database()
    return project, database, rig.leader(project, database)


def test_history_graph(branched):
    _, _, daemon = branched
    daemon.ctl("migrate", "upgrade", RIGHT)
    text = daemon.text("migrate", "history", "--graph").out
    assert text == (f"* {TIP} (side) (head), tip (depends on {LEFT})\n"
                    f"| *   {JOIN} (head) (mergepoint), join\n"
                    "|/|\n"
                    f"* | {RIGHT} (current) (branchpoint), right\n"
                    f"| * {LEFT}, left\n"
                    "|/\n"
                    f"* {MAIN} (branchpoint), main\n")


def test_history_graph_of_a_range(branched):
    _, _, daemon = branched
    text = daemon.text("migrate", "history", "--graph", "-r", f"{LEFT}:{JOIN}").out
    assert text == f"* {JOIN} (head) (mergepoint), join\n* {LEFT}, left\n"


def test_history_graph_verbose_stands_beside_the_lanes(branched):
    _, _, daemon = branched
    lines = daemon.text("migrate", "history", "--graph", "-v").out.splitlines()
    assert f"    Merges: {LEFT}, {RIGHT}" in [line.replace("|", " ").replace("      ", "    ")
                                            for line in lines]


def test_history_as_a_picture(branched):
    _, _, daemon = branched
    dot = daemon.text("migrate", "history", "--format", "dot").out
    assert dot.startswith("digraph history {") and f'"{MAIN}" -> "{LEFT}";' in dot
    assert f'"{LEFT}" -> "{TIP}" [style=dashed];' in dot
    mermaid = daemon.text("migrate", "history", "--format", "mermaid").out
    assert mermaid.startswith("flowchart BT\n") and f"r{LEFT} -.-> r{TIP}" in mermaid
    error = daemon.ctl("migrate", "history", "--format", "png", expect=2).error
    assert error["code"] == "USAGE" and "dot or mermaid" in error["message"]
    listed = daemon.ctl("migrate", "history", "--graph").json
    assert listed == daemon.ctl("migrate", "history").json


# -- edit -----------------------------------------------------------------------------------------

def editor(rig, script):
    """A program that gets the files as its arguments; returns the environment that names it."""
    path = rig.folder / "editor"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return clean_environment(EDITOR=f"{path} --wait")


def test_edit_opens_the_file_and_checks_it(rig, branched):
    project, _, daemon = branched
    env = editor(rig, 'echo "$@" > "$(dirname "$0")/seen"\nshift\necho "SELECT 2;" >> "$1"\n')
    done = daemon.text("migrate", "edit", "eeee", env=env)
    path = project.file_of(TIP)
    assert (rig.folder / "seen").read_text() == f"--wait {path}\n"
    assert done.out == f"{path}\n" and path.read_text().endswith("SELECT 2;\n")
    visual = {**env, "VISUAL": "true", "EDITOR": "false"}
    result = daemon.ctl("migrate", "edit", "side@head", env=visual).json
    assert result == {"files": [{"revision": TIP, "path": str(path), "is_applied": False}],
                      "problems": []}


def test_edit_shows_faults_and_opens_faulty_files(rig, branched):
    project, _, daemon = branched
    env = editor(rig, 'sed -i "s/^-- revision:.*/-- revision: x y/" "$2"\n')
    error = daemon.ctl("migrate", "edit", TIP, expect=1, env=env).error
    assert error["code"] == "LOAD_ERROR" and error["problems"][0]["kind"] == "illegal_id"
    assert error["problems"][0]["file"] == str(project.file_of(TIP))
    env = editor(rig, f'sed -i "s/^-- revision:.*/-- revision: {TIP}/" "$2"\n')
    assert daemon.text("migrate", "edit", "eeee", env=env).out == f"{project.file_of(TIP)}\n"
    daemon.ctl("migrate", "heads")


def test_edit_of_what_is_not_there(rig, branched):
    _, _, daemon = branched
    env = editor(rig, "exit 3\n")
    assert daemon.ctl("migrate", "edit", "ffff", expect=1, env=env).error["code"] == "REVISION_NOT_FOUND"
    assert daemon.ctl("migrate", "edit", "head", expect=1, env=env).error["code"] == "MULTIPLE_HEADS"
    error = daemon.ctl("migrate", "edit", TIP, expect=1, env=env).error
    assert "exit status 3" in error["message"]
    bare = {key: value for key, value in env.items() if key not in ("EDITOR", "VISUAL")}
    error = daemon.ctl("migrate", "edit", TIP, expect=2, env=bare).error
    assert error["code"] == "USAGE" and "EDITOR" in error["hint"]


def test_edit_notes_that_a_revision_is_applied(rig, branched):
    _, _, daemon = branched
    daemon.ctl("migrate", "upgrade", MAIN)
    done = daemon.text("migrate", "edit", "current", env=editor(rig, ""))
    assert MAIN in done.out and "applied already" in done.err


# -- rebase ---------------------------------------------------------------------------------------

def test_rebase_gives_one_head(rig):
    project, database, daemon = rig.simple(2)
    first, second = project.ids
    mine = project.add("CREATE TABLE mine ();", "DROP TABLE mine;", down_revision=first)
    path = project.file_of(mine)
    path.chmod(0o640)
    text = path.read_text()
    path.write_bytes(text.replace("\n", "\r\n").encode())
    daemon.ctl("migrate", "upgrade", second)
    assert daemon.ctl("migrate", "upgrade", "head", expect=1).error["code"] == "MULTIPLE_HEADS"
    result = daemon.ctl("migrate", "rebase", mine).json
    assert result["was"] == [first] and result["down_revision"] == [second] and result["changed"]
    wanted = text.replace(f"down_revision: {first}", f"down_revision: {second}").replace("\n", "\r\n")
    assert path.read_bytes() == wanted.encode() and path.stat().st_mode & 0o777 == 0o640
    assert [p for p in project.versions.iterdir() if p.name.startswith(".")] == []
    again = daemon.text("migrate", "rebase", mine, "--onto", "head-1")
    assert again.out == f"{mine} revises already {second}\n{path}\n"
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == [mine]


def test_rebase_refuses_what_is_applied(rig, branched):
    project, _, daemon = branched
    text = project.file_of(LEFT).read_text()
    daemon.ctl("migrate", "upgrade", TIP)
    error = daemon.ctl("migrate", "rebase", LEFT, "--onto", RIGHT, expect=6).error
    assert error["code"] == "REVISION_APPLIED" and "merge" in error["hint"]
    assert project.file_of(LEFT).read_text() == text
    assert daemon.ctl("migrate", "rebase", JOIN, "--onto", TIP, expect=1).error["code"] == "BAD_TARGET"
    rig.cluster.stop()
    error = daemon.ctl("migrate", "rebase", TIP, "--onto", JOIN, expect=1).error
    assert error["code"] in ("DATABASE_UNREACHABLE", "CONNECTION_LOST") and "--offline" in error["hint"]
    result = daemon.ctl("migrate", "rebase", TIP, "--onto", JOIN, "--offline").json
    assert result["down_revision"] == [JOIN]
    assert f"-- down_revision: {JOIN}\n" in project.file_of(TIP).read_text()


def test_rebase_does_not_write_what_it_may_not(branched):
    project, _, daemon = branched
    path = project.file_of(TIP)
    hidden = project.folder / "elsewhere.txt"
    path.rename(hidden)
    path.symlink_to(hidden)
    daemon.ctl("migrate", "rebase", TIP, "--onto", JOIN)
    assert path.is_symlink() and f"-- down_revision: {JOIN}\n" in hidden.read_text()
