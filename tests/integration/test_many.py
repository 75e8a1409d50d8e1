"""A long history: 1,000 revisions up and down."""

COUNT = 1000


def test_1000_revisions_up_and_down(rig):
    project = rig.project()
    for n in range(1, COUNT + 1):
        project.add(f"CREATE TABLE big_{n} (id integer);" if n % 10 == 1 else
                    f"ALTER TABLE big_{(n - 1) // 10 * 10 + 1} ADD COLUMN c{n} text;",
                    f"DROP TABLE big_{n};" if n % 10 == 1 else
                    f"ALTER TABLE big_{(n - 1) // 10 * 10 + 1} DROP COLUMN c{n};")
    database = rig.database()
    daemon = rig.leader(project, database)
    assert len(daemon.ctl("migrate", "status").json["pending"]) == COUNT
    result = daemon.ctl("migrate", "upgrade", "head", seconds=120).json
    assert result["outcome"] == "done" and len(result["steps"]) == COUNT
    assert all(step["done"] for step in result["steps"])
    assert database.heads() == [project.ids[-1]] and len(database.tables()) == COUNT // 10
    assert database.value("SELECT count(*) FROM woven.revision") == COUNT
    assert len(daemon.ctl("migrate", "history").json["revisions"]) == COUNT
    result = daemon.ctl("migrate", "downgrade", "base", seconds=120).json
    assert result["outcome"] == "done" and len(result["steps"]) == COUNT
    assert database.heads() == [] and database.tables() == []
    assert database.value("SELECT count(*) FROM woven.revision") == 0
    assert database.value("SELECT count(*) FROM woven.history") == 2 * COUNT


def test_failure_near_the_end_keeps_what_was_done(rig):
    project = rig.project()
    for n in range(1, 301):
        project.add(f"CREATE TABLE t{n} ();" if n != 290 else "SELECT 1/0;", f"DROP TABLE t{n};")
    database = rig.database()
    daemon = rig.leader(project, database)
    result = daemon.ctl("migrate", "upgrade", "head", expect=1, seconds=120).json
    assert [step["done"] for step in result["steps"]] == [True] * 289 + [False] * 11
    assert result["error"]["revision"] == project.ids[289]
    assert len(database.tables()) == 289 and database.heads() == [project.ids[288]]


def test_single_transaction_of_many(rig):
    project = rig.project()
    project.add_tables(200)
    database = rig.database()
    daemon = rig.leader(project, database)
    assert daemon.ctl("migrate", "upgrade", "head", "--single-transaction").json["outcome"] == "done"
    assert len(database.tables()) == 200
    assert database.value("SELECT count(DISTINCT xmin::text) FROM woven.revision") == 1
