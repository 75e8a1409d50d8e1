"""What a developer does with revisions: looking at the graph, writing files, moving them."""

import pytest

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
