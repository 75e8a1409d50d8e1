"""check: models in any order and split against the revisions, each in a scratch database."""

import json
import os
import shutil

import pytest

from rig.schema import Schema, leftovers, needs_wovens, notes_of
from rig.waiting import wait_until


@pytest.fixture(name="schema")
def _schema(rig):
    schema = Schema(rig)
    schema.project.add("CREATE TABLE a (id integer PRIMARY KEY, name text);", "DROP TABLE a;")
    schema.project.add("CREATE VIEW names AS SELECT name FROM a;", "DROP VIEW names;")
    return schema


def objects(found):
    return sorted((item["change"], item["kind"], item["object"]) for item in found["changes"])


def test_no_changes_in_any_order_and_split(schema):
    schema.model("a_first.sql", "CREATE VIEW names AS SELECT name FROM a;\n")
    schema.model("z/deep/last.sql",
                 "ALTER TABLE a ADD PRIMARY KEY (id);\nCREATE TABLE a (id integer, name text);\n")
    found = schema.check()
    assert found["clean"] is True and found["changes"] == []
    assert "No changes" in schema.daemon.text("migrate", "check").out


def test_changes_are_listed_and_exit_3(schema):
    schema.model("all.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text, extra date);\n")
    found = schema.check(expect=3)
    assert objects(found) == [("create", "column", "public.a.extra"),
                              ("drop", "view", "public.names")]
    shown = schema.daemon.text("migrate", "check", expect=3).out
    assert "2 objects differ" in shown and "create column public.a.extra" in shown


def test_faults_come_all_at_once_with_file_and_line(schema):
    first = schema.model("1.sql", "CREATE TABLE a (id integer);\n\nCREATE VIEW v AS SELECT x FROM a;\n")
    second = schema.model("2.sql", "SELEC 1;\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["code"] == "LOAD_ERROR"
    assert [(p["file"], p["line"]) for p in error["problems"]] == [(str(first), 3), (str(second), 1)]
    assert 'column "x" does not exist' in error["problems"][0]["message"]


def problems(error):
    return [f"{p['file'].rsplit('/', 1)[1]}:{p['line']}: {p['message']}" for p in error["problems"]]


def test_what_fails_because_of_another_names_that_one(schema):
    schema.model("a.sql", "CREATE TABLE a (id integer REFERENCES nowhere (id));\n")
    schema.model("b.sql", "\nCREATE VIEW public.v AS SELECT * FROM A;\n"
                          "CREATE TABLE b (t \"Mood\");\nCREATE TYPE \"Mood\" AS ENUM (1);\n")
    schema.model("c.sql", "CREATE TABLE c (); CREATE FUNCTION f() RETURNS c LANGUAGE sql AS 'SELECT';\n"
                          "CREATE TABLE public.\"c\" ();\nCREATE VIEW w AS SELECT f(1);\n")
    error = schema.check(expect=1)["error"]
    place = str(schema.models) + "/"
    assert problems(error) == [
        'a.sql:1: relation "nowhere" does not exist',
        f'b.sql:2: relation "a" does not exist; {place}a.sql:1, which makes it, fails as well',
        f'b.sql:3: type "Mood" does not exist; {place}b.sql:4, which makes it, fails as well',
        'b.sql:4: syntax error at or near "1"',
        f'c.sql:2: relation "c" already exists; {place}c.sql:1 makes it',
        "c.sql:3: function f(integer) does not exist"], error
    assert "hint" not in error
    told = schema.daemon.text("migrate", "check", expect=1).err
    assert told.count("a.sql:1: relation") == 1 and "\n  at " not in told, told


def test_one_mistake_is_not_buried_below_what_follows_from_it(schema):
    schema.model("a.sql", "CREATE TABLE a (id integer PRIMARY KEY,);\n")
    schema.model("b.sql", "".join(f"CREATE TABLE b{n} (a integer REFERENCES a);\n" for n in range(40)))
    schema.model("c.sql", "CREATE TABLE c (a nowhere);\nCREATE VIEW w AS SELECT * FROM b7;\n")
    told = problems(schema.check(expect=1)["error"])
    assert told[0] == 'a.sql:1: syntax error at or near ")"'
    assert len(told) == 6 and sum("which makes it, fails as well" in line for line in told) == 3, told
    assert 'c.sql:1: type "nowhere" does not exist' in told
    assert told[-1] == "c.sql:2: 38 more fail only because others do, the last one here"


@pytest.mark.parametrize("text, hint", [
    ("CREATE TABLE b (id integer PRIMARY KEY, c integer REFERENCES c);\n"
     "CREATE TABLE c (id integer PRIMARY KEY, b integer REFERENCES b);\n", "ADD FOREIGN KEY"),
    ("CREATE ROLE nobody_at_all;\nCREATE TABLE b (); GRANT SELECT ON b TO nobody_at_all;\n", "models make no roles"),
    ("CREATE EXTENSION no_such_extension;\n", "install the extension's package"),
    ("CREATE TABLE b (id integer);\nCOPY b FROM stdin;\n1\n\\.\n", "pg_dump --schema-only"),
    ("BEGIN;\nCREATE TABLE b ();\nCOMMIT;\n", "leave these out"),
    ("\\i c.sql\n", "all files of the models are loaded")])
def test_what_to_do_about_models_is_told(schema, text, hint):
    schema.model("b.sql", text)
    error = schema.check(expect=1)["error"]
    assert error["code"] == "LOAD_ERROR" and hint in error["hint"], error


def test_what_the_splitter_refuses_is_refused_with_its_place(schema):
    path = schema.model("1.sql", "CREATE TABLE a (id integer);\nCOPY a FROM stdin;\n1\n\\.\n\\d a\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["code"] == "LOAD_ERROR"
    assert {p["file"] for p in error["problems"]} == {str(path)}
    assert error["problems"][0]["line"] == 2


def test_a_nul_byte_in_a_model_is_refused_with_its_place(schema):
    path = schema.model("a.sql", "-- first\n\0\n" + "CREATE TABLE b ();\n" * 1000)
    error = schema.check(expect=1)["error"]
    assert [(p["kind"], p["file"], p["line"]) for p in error["problems"]] == [("nul_byte", str(path), 2)]


def test_bodies_are_checked_when_all_is_there(schema):
    schema.model("0.sql", "CREATE FUNCTION count_a() RETURNS bigint LANGUAGE sql\n"
                          "AS $$ SELECT count(*) FROM public.a $$;\n")
    path = schema.model("1.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                                 "CREATE VIEW names AS SELECT name FROM a;\n")
    assert objects(schema.check(expect=3)) == [("create", "routine", "public.count_a()")]
    path.write_text("CREATE TABLE b ();\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["problems"][0]["file"].endswith("0.sql")
    assert 'relation "public.a" does not exist' in error["problems"][0]["message"]


def test_settings_hold_for_their_own_file(schema):
    schema.model("1.sql", "CREATE SCHEMA s;\nSET search_path = s;\nCREATE VIEW w AS SELECT id FROM t;\n"
                          "CREATE TABLE t (id integer);\n")
    schema.model("2.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    found = schema.check(expect=3)
    assert [item["object"] for item in found["changes"]] == ["s", "s.t", "s.w"]


def test_limits_that_only_a_newer_server_has_are_no_fault(schema):
    schema.model("0.sql", "SET newer_timeout = 0;\nSET Other_Timeout TO '1s';\n"
                          "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    schema.check()
    schema.model("0.sql", "SET newer = 0;\nCREATE TABLE a ();\n")
    assert "unrecognized configuration parameter" in problems(schema.check(expect=1)["error"])[0]


def test_roles_are_left_out_and_rows_are_told(schema):
    schema.model("1.sql", "CREATE ROLE somebody_new;\n"
                          "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\nINSERT INTO a VALUES (1);\n")
    found = schema.check()
    assert any("CREATE ROLE somebody_new" in note and "1.sql:1" in note for note in found["notes"])
    assert any("rows into a" in note for note in found["notes"])
    assert schema.database.value("SELECT count(*) FROM pg_roles WHERE rolname = 'somebody_new'") == 0


def test_no_models_is_no_wish_to_drop_all(schema):
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["code"] == "LOAD_ERROR" and "no models" in error["message"]
    assert "dump live --directory" in error["hint"]
    schema.model("a.sql", "-- nothing yet\n")
    assert schema.daemon.ctl("migrate", "check", expect=1).error["message"] == error["message"]
    shutil.rmtree(schema.models)
    gone = schema.daemon.ctl("migrate", "check", expect=1).error
    assert gone["code"] == "LOAD_ERROR" and gone["hint"] == error["hint"], gone


def test_a_revision_that_fails_is_named(schema):
    schema.model("1.sql", "CREATE TABLE a ();\n")
    bad = schema.project.add("CREATE TABLE c ();\nCREATE TABLE a ();", "")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["revision"] == bad and error["file"] == str(schema.project.file_of(bad))
    assert leftovers(schema.rig.cluster) == []


def test_off_names_the_setting(rig):
    schema = Schema(rig, scratch="off")
    schema.model("1.sql", "CREATE TABLE a ();\n")
    found = schema.daemon.ctl("migrate", "check", expect=6).json
    assert found["error"]["code"] == "NO_SCRATCH" and "scratch" in found["error"]["hint"]
    assert sorted(found) == ["error", "job", "notes", "outcome"]


def test_a_role_that_may_not_make_databases_is_told(schema):
    schema.database.run("CREATE ROLE weak_maker LOGIN")
    schema.daemon.write_conf(scratch=schema.daemon.settings["scratch"].replace("user=postgres", "user=weak_maker"))
    schema.daemon.ctl("daemon", "reload")
    schema.model("1.sql", "CREATE TABLE a ();\n")
    error = schema.check(expect=1)["error"]
    assert error["sqlstate"] == "42501" and "CREATEDB" in error["hint"], error


def test_cancel_leaves_nothing_and_upgrades_go_on_meanwhile(schema):
    schema.model("1.sql", "CREATE TABLE a (id integer);\nSELECT pg_sleep(600);\n")
    client = schema.daemon.ctl_process("migrate", "check")
    wait_until(lambda: (schema.daemon.status()["job"] or {}).get("kind") == "check" and
               len(leftovers(schema.rig.cluster)) == 2, "both scratch databases")
    assert schema.daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert schema.daemon.status()["job"]["kind"] == "check"
    schema.daemon.ctl("migrate", "cancel")
    client.communicate(timeout=60)
    assert client.returncode == 7
    assert leftovers(schema.rig.cluster) == []


def test_stopping_does_not_wait_for_it(schema):
    schema.model("1.sql", "SELECT pg_sleep(600);\n")
    client = schema.daemon.ctl_process("migrate", "check")
    wait_until(lambda: len(leftovers(schema.rig.cluster)) == 2, "both scratch databases")
    schema.daemon.stop()
    client.communicate(timeout=60)
    assert client.returncode == 1


def test_killed_daemons_leftovers_are_collected(schema):
    schema.model("1.sql", "SELECT pg_sleep(600);\n")
    client = schema.daemon.ctl_process("migrate", "check")
    wait_until(lambda: len(leftovers(schema.rig.cluster)) == 2, "both scratch databases")
    schema.daemon.kill()
    assert "ask again" in json.loads(client.communicate(timeout=60)[0])["error"]["hint"]
    assert client.returncode == 4
    schema.database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'woven\\_scratch%'")
    wait_until(lambda: schema.database.value("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE "
                                             "'woven\\_scratch%'") == 0, "its sessions to end")
    schema.model("1.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    schema.daemon.start()
    schema.check()
    assert leftovers(schema.rig.cluster) == []


@needs_wovens
def test_wovens_own_models_have_no_changes_embedded(rig):
    schema = Schema(rig, wovens=True, scratch="embedded",
                    state_directory=str(rig.folder / "state"))
    os.chmod(rig.folder, 0o755)
    found = schema.check()
    assert found["clean"] is True and notes_of(found) == []


def test_what_is_not_compared_is_counted(schema):
    schema.model("1.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n"
                          "SELECT lo_create(4711), lo_create(4712);\n"
                          "COMMENT ON LARGE OBJECT 4711 IS 'seen';\n")
    schema.model("2.sql", "SET allow_system_table_mods = on;\n"
                          "CREATE FUNCTION pg_catalog.own() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                          "CREATE TABLE pg_catalog.own (a integer PRIMARY KEY);\n"
                          "CREATE TABLE information_schema.own ();\n")
    schema.model("3.sql", "DO $$BEGIN\n"
                          "EXECUTE format('COMMENT ON DATABASE %I IS $_$x$_$', current_database());\n"
                          "EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', "
                          "current_database());\nEND$$;\n")
    found = schema.check()
    assert sorted(notes_of(found)) == [
        "not compared in the models: comment of the database (1)",
        "not compared in the models: comment or privileges of a large object (1)",
        "not compared in the models: object in a system schema (3)",
        "not compared in the models: privileges of the database (1)"]


def test_what_is_always_there_is_compared_too(schema):
    schema.model("1.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    path = schema.model("2.sql", "COMMENT ON EXTENSION plpgsql IS 'ours';\n")
    found = schema.check(expect=3)
    assert objects(found) == [("alter", "comment", "plpgsql")]
    assert schema.autogenerate()["proven"] is True
    assert schema.check()["clean"] is True
    path.write_text("DROP EXTENSION plpgsql;\n")
    assert objects(schema.check(expect=3)) == [("drop", "extension", "plpgsql")]


def test_the_schema_public_may_be_missing(rig):
    schema = Schema(rig)
    schema.project.add("CREATE SCHEMA s;", "DROP SCHEMA s;")
    schema.model("1.sql", "CREATE SCHEMA s;\nDROP SCHEMA public;\n")
    assert objects(schema.check(expect=3)) == [("drop", "schema", "public")]


def test_bodies_are_checked_under_the_settings_of_their_file(schema):
    """Each of two functions of one name means what stands in its own file's schema."""
    schema.model("0.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    text = ("CREATE SCHEMA {0};\nSET search_path = {0};\nCREATE DOMAIN d_{0} AS integer;\n"
            "CREATE FUNCTION f(d_{0}) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t_{0}';\n"
            "CREATE TABLE t_{0} ();\n")
    schema.model("1.sql", text.format("one"))
    path = schema.model("2.sql", text.format("two"))
    found = schema.check(expect=3)
    assert ("create", "routine", "one.f(one.d_one)") in objects(found) and notes_of(found) == []
    path.write_text(text.format("two").replace("FROM t_two", "FROM t_one"))
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert [(p["file"], p["line"]) for p in error["problems"]] == [(str(path), 4)]
    path.write_text("SET check_function_bodies = false;\n" + path.read_text())
    [note] = notes_of(schema.check(expect=3))
    assert note.startswith(f"{path}:5: body of f: ") and "t_one" in note


def test_a_body_that_does_not_work_any_more_is_no_hindrance(schema):
    """Such a one in the revisions: what is printed of them is loaded as it is."""
    schema.project.add("CREATE TABLE t (v varchar(9) CHECK (v IN ('a', 'b')));\n"
                       "CREATE FUNCTION stale() RETURNS bigint LANGUAGE sql AS "
                       "'SELECT count(*) FROM a'; DROP TABLE a CASCADE;", "")
    schema.model("0.sql", "SET check_function_bodies = off;\nCREATE TABLE t (v varchar(9));\n"
                          "ALTER TABLE t ADD CHECK (v::text = ANY (ARRAY['a'::varchar, "
                          "'b'::varchar]::text[]));\nCREATE FUNCTION stale() RETURNS bigint "
                          "LANGUAGE sql AS 'SELECT count(*) FROM a';\n")
    found = schema.check()
    assert found["clean"] is True
    assert [note.split(": ", 1)[1] for note in notes_of(found)] == [
        'body of stale: relation "a" does not exist']


def test_looking_at_bodies_leaves_no_trace(schema):
    """A function that is replaced for good would lose that it depends on an extension."""
    text = ("CREATE EXTENSION hstore;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
            "ALTER FUNCTION f() DEPENDS ON EXTENSION hstore;\n")
    schema.project.add(text, "")
    schema.model("1.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n" + text)
    assert schema.check()["clean"] is True


def test_what_waits_for_another_is_not_tried_again_and_again(schema):
    """A chain of tables in the wrong order: a try for each, and one more where nothing else moves."""
    count = 40
    schema.model("a.sql", "CREATE TABLE a (id integer PRIMARY KEY, name text);\n"
                          "CREATE VIEW names AS SELECT name FROM a;\n")
    for number in range(count):
        schema.model(f"t{count - number:02}.sql",
                     f"CREATE TABLE chain{number} (id integer PRIMARY KEY"
                     + (f", up integer REFERENCES public.chain{number - 1});\n" if number else ");\n")
                     + f"COMMENT ON TABLE chain{number} IS 'x';\n")
    log = schema.rig.cluster.log
    before = log.read_text().count("does not exist")
    assert len(schema.check(expect=3)["changes"]) == count
    assert log.read_text().count("does not exist") - before < 3 * count
