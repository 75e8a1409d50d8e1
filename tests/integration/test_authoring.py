"""What a developer does with revisions: looking at the graph, writing files, moving them."""

import datetime
import pathlib
import time

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


# -- revision and merge ---------------------------------------------------------------------------

def header(path):
    """The header of a file as a dictionary."""
    lines = path.read_text().split("-- woven:up")[0].splitlines()
    return {key: value.strip() for key, _, value in
            (line[3:].partition(":") for line in lines if line.startswith("-- "))}


def new(daemon, *arguments, **more):
    """What `migrate revision` wrote; the file must load."""
    result = daemon.ctl("migrate", *arguments, **more).json
    path = pathlib.Path(result["path"])
    assert path.read_text() == result["content"]
    shown = daemon.ctl("migrate", "show", result["revision"]).json["revisions"][0]
    assert shown["path"] == str(path) and shown["down_revision"] == result["down_revision"]
    assert ", ".join(result["down_revision"]) == header(path)["down_revision"]
    return result, path


def heads(daemon, *options):
    return {r["revision"] for r in daemon.ctl("migrate", "heads", *options).json["revisions"]}


def test_revision_goes_on_from_the_head(rig):
    project, database, daemon = rig.simple(1)
    result, path = new(daemon, "revision", "-m", "Add a: table, b")
    assert result["down_revision"] == project.ids and path.parent == project.versions
    assert path.name == f"{result['revision']}_add_a_table_b.sql"
    assert header(path)["message"] == "Add a: table, b"
    second, path = new(daemon, "revision", "--rev-id", "my_id.7", "--depends-on", project.ids[0])
    assert path.name == "my_id.7.sql" and second["down_revision"] == [result["revision"]]
    error = daemon.ctl("migrate", "revision", "--rev-id", "my_id.7", expect=1).error
    assert "already" in error["message"]
    assert daemon.ctl("migrate", "revision", "--rev-id", "a b", expect=2).error["code"] == "INVALID_PARAMS"
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == ["my_id.7"]


def test_revision_with_several_heads(branched):
    _, database, daemon = branched
    assert daemon.ctl("migrate", "revision", expect=1).error["code"] == "MULTIPLE_HEADS"
    on_join, _ = new(daemon, "revision", "--head", "dddd")
    assert on_join["down_revision"] == [JOIN]
    assert daemon.ctl("migrate", "revision", "--head", LEFT, expect=1).error["code"] == "NOT_A_HEAD"
    spliced, path = new(daemon, "revision", "--head", LEFT, "--splice", "--branch-label", "one",
                        "--branch-label", "two", "--depends-on", "side@head",
                        "--depends-on", on_join["revision"], "--depends-on", "side")
    assert header(path)["branch_labels"] == "one, two"
    assert header(path)["depends_on"] == f"{TIP}, {on_join['revision']}, side"
    both, _ = new(daemon, "revision", "--head", "one@head", "--head", on_join["revision"])
    assert both["down_revision"] == [spliced["revision"], on_join["revision"]]
    base, path = new(daemon, "revision", "--head", "base", "--branch-label", "apart")
    assert base["down_revision"] == [] and header(path)["down_revision"] == ""
    error = daemon.ctl("migrate", "revision", "--head", "apart@head", "--branch-label", "side", expect=1).error
    assert "side" in error["message"] and TIP in error["message"]
    assert heads(daemon) == {TIP, both["revision"], base["revision"]}
    assert heads(daemon, "--resolve-dependencies") == {both["revision"], base["revision"]}
    daemon.ctl("migrate", "upgrade", "heads")
    assert set(database.heads()) == {both["revision"], base["revision"]}
    current = daemon.ctl("migrate", "current", "--check-heads").json
    assert {r["revision"] for r in current["revisions"]} == heads(daemon) and current["at_heads"]


def test_merge(branched):
    _, database, daemon = branched
    assert daemon.ctl("migrate", "merge", TIP, expect=1).error["code"] == "BAD_TARGET"
    merged, path = new(daemon, "merge", "heads", "-m", "Both", "--branch-label", "joined", "--rev-id", "merged1")
    assert merged["down_revision"] == [JOIN, TIP]
    assert path.name == "merged1_both.sql" and header(path)["branch_labels"] == "joined"
    assert heads(daemon) == {"merged1"}
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == ["merged1"]
    shown = daemon.text("migrate", "current", "-v").out
    assert "Rev: merged1 (joined, side) (head) (mergepoint)" in shown and "Merges: " in shown


def test_branches_and_effective_heads(branched):
    project, _, daemon = branched
    extra = project.add("", "", down_revision="", header=f"-- depends_on: {JOIN}")
    text = daemon.text("migrate", "branches").out
    assert text == (f"{RIGHT} (branchpoint), right\n"
                    f"{'':12} -> {JOIN} (effective head) (mergepoint), join\n"
                    f"{'':12} -> {TIP} (side) (head), tip\n"
                    "\n"
                    f"{MAIN} (branchpoint), main\n"
                    f"{'':12} -> {LEFT}, left\n"
                    f"{'':12} -> {RIGHT} (branchpoint), right\n")
    assert f"{JOIN} (effective head)" in daemon.text("migrate", "heads").out
    assert heads(daemon) == {TIP, JOIN, extra} and heads(daemon, "--resolve-dependencies") == {TIP, extra}
    verbose = daemon.text("migrate", "branches", "-v").out
    assert f"Branches into: {JOIN}, {TIP}" in verbose and f" -> {TIP} (side) (head), tip\n" in verbose


def test_stamps_on_branches(branched):
    _, database, daemon = branched
    def rows_after(*arguments):
        daemon.ctl("migrate", "stamp", *arguments)
        return set(database.heads())
    assert rows_after(LEFT, RIGHT) == {LEFT, RIGHT}
    assert rows_after(TIP, JOIN) == {TIP, JOIN}
    assert rows_after("side@base") == {JOIN}
    assert rows_after("--purge", TIP) == {TIP}
    assert rows_after("--purge", "heads") == {TIP, JOIN}
    assert rows_after(MAIN) == {MAIN}
    assert rows_after("base") == set()
    database.run("INSERT INTO alembic_version VALUES ('gone')")
    assert daemon.ctl("migrate", "stamp", MAIN, expect=1).error["code"] == "REVISION_NOT_FOUND"
    assert rows_after("--purge", MAIN) == {MAIN}
    error = daemon.ctl("migrate", "stamp", "head", expect=1).error
    assert error["code"] == "MULTIPLE_HEADS" and JOIN in error["message"] and TIP in error["message"]
    assert daemon.ctl("migrate", "current", "--check-heads", expect=3).json["at_heads"] is False


def test_history_ranges_and_marks(branched):
    _, _, daemon = branched
    def listed(*arguments):
        revisions = daemon.ctl("migrate", "history", *arguments).json["revisions"]
        return [r["revision"] for r in revisions]
    daemon.ctl("migrate", "upgrade", LEFT)
    assert listed("-r", f"{RIGHT}:side@head") == [TIP, RIGHT]
    assert listed("-r", "current:dddd") == [JOIN, LEFT]
    assert listed("-r", ":current") == [LEFT, MAIN]
    assert listed("-r", f"{LEFT}:+1") == [JOIN, LEFT]
    assert daemon.ctl("migrate", "history", "-r", f"{MAIN}:+1", expect=1).error["code"] == "AMBIGUOUS_WALK"
    assert daemon.ctl("migrate", "history", "-r", f"{TIP}:{MAIN}", expect=1).error["code"] == "NOT_AN_ANCESTOR"
    assert f"-> {LEFT} (current), left" in daemon.text("migrate", "history", "-i").out
    assert "(current)" not in daemon.text("migrate", "history").out
    text = daemon.text("migrate", "history", "-v", "-i", "-r", f"{LEFT}:{LEFT}").out
    assert text.startswith(f"Rev: {LEFT} (current)\nParent: {MAIN}\n")


def test_several_version_directories(rig):
    project = rig.project()
    other = project.folder / "other"
    other.mkdir()
    project.settings["versions"] = ["versions", "other"]
    first = project.add("CREATE TABLE a ();", "DROP TABLE a;")
    database = rig.database()
    daemon = rig.leader(project, database)
    _, path = new(daemon, "revision", "-m", "Beside its parent")
    assert path.parent == project.versions
    _, path = new(daemon, "revision", "-m", "Elsewhere", "--version-path", "other")
    assert path.parent == other
    _, path = new(daemon, "revision", "-m", "Beside its parent again")
    assert path.parent == other
    _, path = new(daemon, "revision", "--head", first, "--splice", "--version-path", "other/sub/folder")
    assert path.parent == other / "sub" / "folder"
    _, path = new(daemon, "revision", "--head", "base", "--version-path", str(other))
    assert path.parent == other
    error = daemon.ctl("migrate", "revision", "--version-path", "models", "--head", first, "--splice",
                       expect=2).error
    assert "none of the version directories" in error["message"] and str(other) in error["hint"]


def test_names_and_dates_of_new_files(rig):
    project = rig.project(file_template="{year}/{month}-{day}_{hour}{minute}{second}-{rev}.{slug}",
                          truncate_slug_length=9, timezone="Asia/Kathmandu")
    project.add_tables(1)
    daemon = rig.leader(project, rig.database())
    result, path = new(daemon, "revision", "-m", "Add a table")
    made = datetime.datetime.fromisoformat(header(path)["create_date"])
    assert made.utcoffset() == datetime.timedelta(hours=5, minutes=45)
    assert abs(made.timestamp() - time.time()) < 600
    assert str(path.relative_to(project.versions)) == (
        f"{made:%Y/%m-%d_%H%M%S}-{result['revision']}.add_a.sql")
    _, path = new(daemon, "revision")
    assert path.name.endswith(".sql") and ".." not in path.name
    daemon.ctl("migrate", "upgrade", "head")
    daemon.write_conf(file_template="{slug}")
    error = daemon.ctl("daemon", "reload", expect=1).error
    assert error["code"] == "CONFIG_ERROR" and "file_template" in error["problems"][0]["message"]
