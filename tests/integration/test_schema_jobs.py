"""Jobs in scratch databases: what they show, and what they leave behind when they are cut short."""

import signal

import pytest

from rig.daemon import user_name
from rig.schema import Schema, leftovers
from rig.waiting import wait_until

TABLE = "CREATE TABLE a (id integer PRIMARY KEY);"


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig)
    schema.project.add(TABLE, "DROP TABLE a;")
    schema.model("a.sql", TABLE)
    return schema


def shown(schema, method, **params):
    """What a job says while it works, in order."""
    with schema.daemon.client() as client:
        result = client.answer(client.request(method, **params))["result"]
        assert result["outcome"] == "done", result
        return [event["text"] for event in client.events if event["event"] == "waiting"]


def in_order(texts, *parts):
    rest = iter(texts)
    return all(any(part in text for text in rest) for part in parts)


def test_each_phase_is_shown(schema):
    schema.model("b.sql", "CREATE TABLE b ();")
    texts = shown(schema, "migrate.autogenerate", message="x")
    assert in_order(texts, "replaying 1 revision", "loading the models (2 files)", "reading two schemas",
                    "comparing", "writing", "proving 1 revision", "putting rows", "proving up: 1 revision",
                    "comparing after up", "asking pg_dump", "proving down: 1 revision",
                    "comparing after down"), texts
    texts = shown(schema, "migrate.check")
    assert in_order(texts, "replaying", "loading the models", "reading two schemas", "comparing"), texts
    schema.daemon.ctl("migrate", "upgrade", "head")
    texts = shown(schema, "migrate.drift")
    assert in_order(texts, "reading the database", "replaying 1 revision", "comparing"), texts
    texts = shown(schema, "migrate.diff", target=["live", "models"])
    assert in_order(texts, "reading the database", "loading the models", "comparing"), texts
    assert in_order(shown(schema, "migrate.dump", target=["head"]), "replaying 1 revision")
    assert in_order(shown(schema, "migrate.test", all=True), f"testing {schema.project.ids[0]}")


def test_schemas_are_settled_only_where_expressions_differ(schema):
    table = "CREATE TABLE a (id {}, v varchar(9) DEFAULT {});"
    schema.project.add("DROP TABLE a; " + table.format("integer", "'a'"), "DROP TABLE a;")
    schema.model("a.sql", table.format("bigint", "'a'") + "COMMENT ON TABLE a IS 'x';")
    assert not any("what pg_dump prints" in text for text in shown(schema, "migrate.check"))
    schema.model("a.sql", table.format("integer", "'b'"))
    assert any("what pg_dump prints" in text for text in shown(schema, "migrate.check"))


def test_a_long_replay_counts_its_revisions(schema):
    for _ in range(3):
        schema.project.add("SELECT pg_sleep(0.6);", "")
    texts = shown(schema, "migrate.check")
    assert in_order(texts, "replaying 4 revisions", "replaying revision 3 of 4",
                    "replaying revision 4 of 4"), texts


COMMANDS = (["revision", "--autogenerate", "-m", "x"], ["check"], ["drift"], ["test", "--all"],
            ["diff", "models", "head"], ["dump", "head"])


def sleeping(schema):
    return schema.database.value("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'woven\\_scratch%' "
                                 "AND state = 'active' AND query LIKE '%pg_sleep(600)%'") == 1


def begin(schema, command):
    client = schema.daemon.ctl_process("migrate", *command)
    wait_until(lambda: sleeping(schema), f"{command} to be in the middle")
    return client


def gone(schema):
    wait_until(lambda: schema.daemon.status()["job"] is None, "the job to end")
    assert leftovers(schema.rig.cluster) == []


@pytest.fixture(name="slow")
def _slow(schema):
    """Every command replays a revision that takes for ever; the database says that it has it."""
    schema.project.add("SELECT pg_sleep(600);", "")
    schema.daemon.ctl("migrate", "stamp", "head")
    return schema


def test_ctrl_c_ends_each_and_leaves_nothing(slow):
    before = sorted(slow.project.versions.iterdir())
    for command in COMMANDS:
        client = begin(slow, command)
        client.send_signal(signal.SIGINT)
        client.communicate(timeout=60)
        assert client.returncode == 7, command
        gone(slow)
    assert sorted(slow.project.versions.iterdir()) == before


def test_cancel_ends_each_and_leaves_nothing(slow):
    for command in COMMANDS:
        client = begin(slow, command)
        assert slow.daemon.ctl("migrate", "cancel").json["outcome"] == "cancelled"
        client.communicate(timeout=60)
        assert client.returncode == 7, command
        gone(slow)


def test_a_killed_client_does_not_end_it(slow):
    client = begin(slow, COMMANDS[0])
    client.kill()
    client.communicate(timeout=60)
    job = slow.daemon.status()["job"]
    assert sleeping(slow) and (job["kind"], job["state"]) == ("autogenerate", "running")
    assert job["caller"]["user"] == user_name()
    assert slow.daemon.ctl("migrate", "cancel").json["outcome"] == "cancelled"
    gone(slow)


def test_a_database_that_is_behind_is_only_mentioned(schema):
    second = schema.project.add("CREATE TABLE b ();", "DROP TABLE b;")
    schema.model("b.sql", "CREATE TABLE b (); CREATE TABLE c ();")
    def behind(found):
        return [note for note in found["notes"] if "behind" in note]
    found = schema.autogenerate()
    assert found["proven"] is True
    assert "2 revisions are pending" in behind(found)[0] and schema.project.ids[0] in behind(found)[0]
    schema.daemon.ctl("migrate", "upgrade", schema.project.ids[0])
    [note] = behind(schema.autogenerate())
    assert "2 revisions are pending" in note and second in note  # and the one just written
    schema.daemon.ctl("migrate", "upgrade", "head")
    found = schema.autogenerate()
    assert found["clean"] is True and behind(found) == []


def test_a_database_that_is_away_is_no_error(schema):
    schema.daemon.stop()
    schema.daemon.write_conf(database="host=/nowhere dbname=x")
    schema.daemon.start()
    schema.model("b.sql", "CREATE TABLE b ();")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert any("was not reached" in note for note in found["notes"])
