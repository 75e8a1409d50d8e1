"""revision --autogenerate: what leads from the revisions to the models, proven up and down."""

from pathlib import Path

import pytest

from rig.programs import postgres_program
from rig.schema import BASE, Schema, notes_of, of_one_table


@pytest.fixture(name="schema")
def _schema(rig):
    return of_one_table(rig)


def settled(schema):
    """What was written is enough: nothing is left to do, and it runs in the database."""
    found = schema.autogenerate()
    assert found["clean"] is True and "files" not in found
    assert schema.daemon.ctl("migrate", "upgrade", "heads").json["outcome"] == "done"


def test_nothing_to_do(schema):
    before = sorted(schema.project.versions.iterdir())
    found = schema.autogenerate()
    assert found["clean"] is True and "files" not in found
    shown = schema.daemon.text("migrate", "revision", "--autogenerate").out
    assert shown.startswith("Nothing to do")
    assert sorted(schema.project.versions.iterdir()) == before


def test_a_column_and_a_table(schema):
    schema.model("a.sql", BASE.replace("name text", "name text, added date"))
    schema.model("b.sql", "CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);\n")
    found = schema.autogenerate(message="Add b")
    assert found["proven"] is True and len(found["files"]) == 1
    [file] = found["files"]
    path = next(schema.project.versions.glob("*add_b.sql"))
    assert str(path) == file["path"] and path.read_text() == file["content"]
    assert file["down_revision"] == schema.project.ids
    assert "ADD COLUMN" in path.read_text() and "CREATE TABLE public.b" in path.read_text()
    settled(schema)
    schema.daemon.ctl("migrate", "downgrade", "base")
    assert schema.database.value("SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b')") == 0


def test_what_one_transaction_cannot_hold_becomes_several_revisions(schema):
    schema.model("i.sql", "CREATE INDEX a_name ON a (name);\n"
                          "ALTER TABLE a ADD CONSTRAINT named CHECK (name <> '');\n")
    found = schema.autogenerate(message="Index")
    texts = [file["content"] for file in found["files"]]
    assert len(texts) > 1 and found["proven"] is True
    assert "-- message: Index (1 of " in texts[0]
    assert any("-- woven:up transaction=off" in text and "CONCURRENTLY" in text for text in texts)
    ids = [file["revision"] for file in found["files"]]
    assert [file["down_revision"] for file in found["files"]] == [
        schema.project.ids, *[[one] for one in ids[:-1]]]
    settled(schema)


def test_plain_is_one_revision(schema):
    schema.model("i.sql", "CREATE INDEX a_name ON a (name);\n")
    found = schema.autogenerate("--plain")
    [file] = found["files"]
    assert "CONCURRENTLY" not in file["content"] and "transaction=off" not in file["content"]
    settled(schema)


def statistics(database):
    return database.value("SELECT count(*) FROM pg_statistic WHERE starelid = 'a'::regclass")


def test_a_column_of_a_new_type_is_analyzed(schema):
    """Up in a revision of its own, which holds no lock of the rewrite; down where the rewrite is."""
    schema.project.add("INSERT INTO a SELECT n, n FROM generate_series(1, 50) n; ANALYZE a;", "")
    schema.model("a.sql", BASE.replace("id integer", "id bigint"))
    found = schema.autogenerate()
    (change, change_back), (analyze, nothing) = [file["content"].split("-- woven:down")
                                                 for file in found["files"]]
    assert "TYPE bigint" in change and "ANALYZE" not in change and found["proven"] is True
    assert "TYPE integer" in change_back and change_back.rstrip().endswith("ANALYZE public.a (id);")
    assert "ANALYZE public.a (id);\n" in analyze and "transaction=off" not in analyze
    assert nothing.strip() == "-- Nothing has to be undone."
    settled(schema)
    assert statistics(schema.database) == 2
    schema.daemon.ctl("migrate", "downgrade", "-1")
    schema.daemon.ctl("migrate", "downgrade", "-1")
    assert statistics(schema.database) == 2


def test_hazards_are_told_and_written(schema):
    schema.model("a.sql", "CREATE TABLE a (id integer PRIMARY KEY);\n")
    found = schema.autogenerate()
    codes = [hazard["code"] for statement in found["statements"] for hazard in statement["hazards"]]
    assert "data-loss" in codes
    text = found["files"][0]["content"]
    assert "-- hazard: data-loss: " in text and "does not come back" in text
    settled(schema)


def test_sql_prints_and_writes_nothing(schema):
    schema.model("b.sql", "CREATE TABLE b ();\n")
    before = sorted(schema.project.versions.iterdir())
    shown = schema.daemon.text("migrate", "revision", "--autogenerate", "-m", "B", "--sql").out
    assert "-- message: B\n" in shown and "CREATE TABLE public.b" in shown
    assert sorted(schema.project.versions.iterdir()) == before


def test_a_models_error_writes_nothing(schema):
    schema.model("b.sql", "CREATE TABLE b (LIKE nowhere);\n")
    before = sorted(schema.project.versions.iterdir())
    result = schema.daemon.ctl("migrate", "revision", "--autogenerate", expect=1)
    assert result.error["code"] == "LOAD_ERROR"
    assert sorted(schema.project.versions.iterdir()) == before


def test_works_from_no_revision_at_all(rig):
    schema = Schema(rig)
    schema.model("a.sql", BASE)
    found = schema.autogenerate(message="First")
    assert found["proven"] is True and found["files"][0]["down_revision"] == []
    settled(schema)


def test_expressions_that_the_server_prints_anew_settle(schema):
    """Its text of IN on a varchar, loaded again, is another text."""
    schema.model("b.sql", "CREATE TABLE b (v varchar(9) DEFAULT 'a' CHECK (v IN ('a', 'b')));\n"
                          "CREATE VIEW w AS SELECT v FROM b WHERE v IN ('a', 'c');\n"
                          "CREATE INDEX ON b (v) WHERE v IN ('a', 'b');\n")
    assert schema.autogenerate("--plain")["proven"] is True
    settled(schema)
    assert schema.check()["clean"] is True
    schema.model("c.sql", "CREATE TABLE c ();\n")
    found = schema.autogenerate()
    assert [(c["change"], c["object"]) for c in found["changes"]] == [("create", "public.c")]
    assert found["proven"] is True
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True


def test_rows_in_rows_settle_after_several_rounds(schema):
    """A comparison of rows is taken apart by one level each time that it is loaded."""
    deep = "((id, 1), (2, name)) IS DISTINCT FROM ((1, 2), (3, 'x'))"
    model = BASE + "CREATE VIEW v AS SELECT id FROM a WHERE {};\n"
    schema.model("a.sql", model.format(deep))
    assert schema.autogenerate()["proven"] is True
    settled(schema)
    flat = "((id IS DISTINCT FROM 1) OR (1 IS DISTINCT FROM 2)) OR " \
           "((2 IS DISTINCT FROM 3) OR (name IS DISTINCT FROM 'x'))"
    schema.model("a.sql", model.format(flat))
    assert schema.check()["clean"] is True
    schema.model("a.sql", model.format(flat.replace("'x'", "'y'")))
    assert schema.autogenerate()["proven"] is True


def told(found):
    """The changes, without that NOT NULL, a constraint from PostgreSQL 18 on, follows a table's name."""
    return [(c["change"], c["object"], c.get("attributes")) for c in found["changes"]
            if c.get("attributes") != ["not_null_name"]]


def test_several_heads_are_told_before_anything_is_run(schema):
    for _ in range(2):
        schema.project.add("SELECT no_such_function();", "", down_revision=schema.project.ids[0])
    error = schema.autogenerate(expect=1)["error"]
    assert error["code"] == "MULTIPLE_HEADS" and "--head" in error["hint"]


def test_what_belongs_to_it_is_not_passed_over_without_it(schema):
    for options in (["--plain"], ["--rename", "a:b"], ["--unproven"], ["--sql"]):
        error = schema.daemon.ctl("migrate", "revision", "-m", "x", *options, expect=2).error
        assert error["message"] == f"{options[0]} needs --autogenerate"
    assert len(list(schema.project.versions.iterdir())) == len(schema.project.ids)


def test_what_is_renamed_is_not_dropped(schema):
    schema.project.add("CREATE INDEX a_name ON a (name); INSERT INTO a VALUES (1, 'kept');", "")
    schema.model("a.sql", "CREATE TABLE people (id integer, title text, extra date,\n"
                          "    CONSTRAINT a_pkey PRIMARY KEY (id));\n"
                          "CREATE INDEX by_title ON people (title);\n")
    found = schema.autogenerate("--rename", "a:people", "--rename", "people.name:title",
                                "--rename", "public.a_name:by_title")
    assert told(found) == [
        ("rename", "public.a", ["people"]), ("rename", "public.people.name", ["title"]),
        ("rename", "public.a_name", ["by_title"]), ("create", "public.people.extra", None)]
    assert found["proven"] is True
    first = found["files"][0]["content"]
    assert "RENAME TO people" in first and "RENAME TO a;" in first and "DROP" not in first
    assert "-- hazard: breaks-readers: programs" in first and "\n\n\n" not in first
    settled(schema)
    assert schema.database.value("SELECT title FROM people") == "kept"


def test_a_rename_that_means_nothing_is_refused(schema):
    for rename, words in (("nothing:b", "make no"), ("a:b", "have no table"), ("a", "OLD:NEW"),
                          ("a:a", "is a table public.a already"), ("public.a.id:id", "is a column")):
        result = schema.daemon.ctl("migrate", "revision", "--autogenerate", "--rename", rename,
                                   expect=1)
        assert result.error["code"] == "BAD_TARGET" and words in result.error["message"]


def test_a_rename_of_what_cannot_be_renamed_says_so(schema):
    schema.project.add("CREATE RULE r AS ON INSERT TO a DO ALSO NOTIFY a; CREATE EXTENSION hstore;", "")
    for rename, words in (("a.r:q", "the rule public.a.r cannot be renamed"),
                          ("hstore:q", "the extension hstore cannot be renamed"),
                          ("tconvert:q", "the routine public.tconvert(text,text) cannot be renamed")):
        error = schema.autogenerate("--rename", rename, expect=1)["error"]
        assert error["code"] == "BAD_TARGET" and words in error["message"]
        assert "columns" in error["hint"]


def test_an_id_that_cannot_be_one_is_the_askers_fault(schema):
    schema.model("b.sql", "CREATE TABLE b ();\n")
    for rev_id, words in (("../x", "slash"), (".x", "dot"), ("a b", "blank"), ("x" * 40, "32")):
        for options in (["--autogenerate"], []):
            error = schema.daemon.ctl("migrate", "revision", *options, "-m", "x", "--rev-id", rev_id,
                                      expect=2).error
            assert error["code"] == "INVALID_PARAMS" and words in error["message"]


def test_the_models_say_what_was_renamed(schema):
    schema.project.add("ALTER TABLE a ADD CONSTRAINT short CHECK (length(name) < 9);", "")
    schema.model("a.sql", "CREATE TABLE people ( -- woven:renamed-from a\n"
                          "    id integer,\n"
                          "    title text, -- woven:renamed-from name\n"
                          "    CONSTRAINT a_pkey PRIMARY KEY (id),\n"
                          "    CONSTRAINT brief CHECK (length(title) < 9) -- woven:renamed-from short\n"
                          ");\n")
    found = schema.autogenerate()
    assert told(found) == [
        ("rename", "public.a", ["people"]), ("rename", "public.people.name", ["title"]),
        ("rename", "public.people.short", ["brief"])]
    assert found["proven"] is True
    assert len(found["files"]) == 1 + (len(told(found)) < len(found["changes"]))
    settled(schema)


def test_quotes_hide_what_ends_a_name(schema):
    schema.project.add('CREATE TABLE "a b" (x integer); ALTER TABLE a ADD "c:d" date;',
                       'DROP TABLE "a b"; ALTER TABLE a DROP "c:d";')
    schema.model("a.sql", 'CREATE TABLE a (id integer PRIMARY KEY, name text, "g:h" date);\n')
    schema.model("b.sql", 'CREATE TABLE "e:f" ( -- woven:renamed-from  "a b"\n'
                          "    y integer -- woven:renamed-from x\n);\n")
    found = schema.autogenerate("--rename", 'a."c:d":"g:h"')
    assert told(found) == [
        ("rename", 'public.a."c:d"', ['"g:h"']), ("rename", 'public."a b"', ['"e:f"']),
        ("rename", 'public."e:f".x', ["y"])]
    assert found["proven"] is True
    settled(schema)


def test_what_says_nothing_of_a_rename_is_told(schema):
    path = schema.model("a.sql", "-- woven:renamed-from b\nCREATE TABLE a (\n"
                                 "    id integer PRIMARY KEY, -- woven:renamed-from  \n"
                                 "    -- woven:renamed-from name\n"
                                 "    title text -- woven:renamed-from name\n);\n")
    schema.model("c.sql", "ALTER TABLE a ADD COLUMN new text; -- woven:renamed-from old\n"
                          "SELECT '-- woven:renamed-from';\n")
    found = schema.autogenerate()
    places = [note.split(": woven:")[0] for note in found["notes"] if "is not heeded here" in note]
    assert places == [f"{path}:1", f"{path}:3", f"{path}:4", f"{path.with_name('c.sql')}:1"]
    assert told(found) == [("rename", "public.a.name", ["title"]), ("create", "public.a.new", None)]


F = "CREATE FUNCTION {}({}) RETURNS integer LANGUAGE sql AS 'SELECT 1';\n"


ROOTS = """CREATE TABLE m ({0} integer, o text, CONSTRAINT {1} CHECK ({0} > 0));
CREATE TABLE n (o text, {0} integer NOT NULL, CONSTRAINT {1} CHECK ({0} > 0));
CREATE TABLE c () INHERITS (m, n); CREATE TABLE d ({0} integer) INHERITS (n, m); CREATE TABLE e () INHERITS (c, n);
CREATE VIEW v AS SELECT {0} AS x FROM e;"""


@pytest.mark.parametrize("asked", [["m.x:y", "m.k:l"], ["n.x:y", "n.k:l", "m.x:y", "m.k:l"]])
def test_what_a_table_inherits_twice_is_renamed_in_both(schema, asked):
    schema.project.add(ROOTS.format("x", "k"), None)
    schema.model("roots.sql", ROOTS.format("y", "l"))
    found = schema.autogenerate(*[word for name in asked for word in ("--rename", name)])
    assert found["proven"] is True and found["rows"] == {"tables": 6, "not_counted": []}
    assert sorted(renames(found)) == [("rename", "public.m.k", ["l"]), ("rename", "public.m.x", ["y"]),
                                      ("rename", "public.n.k", ["l"]), ("rename", "public.n.x", ["y"])]


def test_what_a_table_inherits_twice_exchanges_its_names(schema):
    schema.project.add(ROOTS.format("x", "k"), None)
    schema.model("roots.sql", ROOTS.format("x", "k").replace("o text", "w text").replace("x integer", "o integer")
                 .replace("w text", "x text").replace("x > 0", "o > 0").replace("SELECT x", "SELECT o"))
    found = schema.autogenerate("--rename", "m.x:o", "--rename", "m.o:x", "--rename", "n.x:o", "--rename", "n.o:x")
    assert found["proven"] is True
    assert [name for _deed, name, _new in sorted(renames(found))] == ["public.m.o", "public.m.x", "public.n.o", "public.n.x"]


def test_one_of_two_that_a_table_inherits_is_not_renamed(schema):
    schema.project.add(ROOTS.format("x", "k"), None)
    schema.model("roots.sql", "CREATE TABLE m (y integer, o text); CREATE TABLE n (o text, x integer NOT NULL);"
                            "CREATE TABLE c () INHERITS (m, n);")
    error = schema.autogenerate("--rename", "m.x:y", expect=1)["error"]
    assert error["message"] == ("--rename: the column public.m.x can only be renamed together with public.n.x, as one "
                                "table inherits both: public.n.y is there already, or not in the models")
    assert "NO INHERIT" in error["hint"]


def renames(found):
    return [(c["change"], c["object"], c.get("attributes")) for c in found["changes"]]


def test_functions_are_renamed_with_their_arguments(schema):
    schema.project.add(F.format("f", "integer") + F.format("f", "text") + F.format("h", ""), "")
    schema.model("f.sql", F.format("g", "integer") + F.format("f", "text") + F.format("k", ""))
    found = schema.autogenerate("--rename", "f(integer):g", "--rename", "public.h:k")
    assert renames(found) == [("rename", "public.f(integer)", ["g"]), ("rename", "public.h()", ["k"])]
    text = found["files"][0]["content"]
    assert "ALTER ROUTINE public.f(integer) RENAME TO g;" in text and "DROP" not in text
    assert "ALTER ROUTINE public.g(integer) RENAME TO f;" in text
    settled(schema)


def test_the_models_say_which_function_was_renamed(schema):
    schema.project.add(F.format("f", "integer") + F.format("f", "text"), "")
    schema.model("f.sql", F.format("g", "integer\n    -- woven:renamed-from f\n") +
                 "CREATE FUNCTION -- woven:renamed-from public.f(text)\n    g(text) RETURNS integer "
                 "LANGUAGE sql AS 'SELECT 1';\n")
    found = schema.autogenerate()
    assert sorted(renames(found)) == [("rename", "public.f(integer)", ["g"]),
                                      ("rename", "public.f(text)", ["g"])]
    assert found["proven"] is True
    settled(schema)


def test_a_hint_on_one_of_several_functions_may_stay(schema):
    schema.project.add(F.format("f", "integer") + F.format("f", "text") + F.format("f", "date"), "")
    schema.model("f.sql", F.format("g", "integer\n    -- woven:renamed-from f\n") + F.format("g", "date") +
                 F.format("f", "text"))
    assert sorted(renames(schema.autogenerate())) == [
        ("rename", "public.f(date)", ["g"]), ("rename", "public.f(integer)", ["g"])]
    settled(schema)


EXCHANGED = """
CREATE TABLE t ({} integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {}
    {} integer, {}
    {} text, {}
    {} text {}
    );
CREATE TABLE w (p integer, q integer);
CREATE INDEX {} {} ON w (p);
CREATE INDEX {} {} ON w (q);
CREATE TABLE {} ( {}
    n integer);
CREATE VIEW {} {} AS SELECT 1 AS one;
CREATE FUNCTION {}() RETURNS integer LANGUAGE sql {} AS 'SELECT 1';
CREATE FUNCTION {}() RETURNS integer LANGUAGE sql {} AS 'SELECT 2';
CREATE TABLE {} ( {}
    n integer);
"""


def exchanged(names, was=None):
    """With what each was called, if it had another name."""
    former = [f"-- woven:renamed-from {name}\n" for name in was] if was else [""] * len(names)
    return EXCHANGED.format(*[part for pair in zip(names, former) for part in pair])


def test_names_are_exchanged(schema):
    """By what the models say, which may stay: what has the names tells that it is done. The two
    columns of one type are told apart by their places."""
    old = ["id", "ref", "a", "b", "i", "j", "x", "y", "f", "g", "m"]
    new = ["ref", "id", "b", "a", "j", "i", "y", "x", "g", "f", "o"]
    schema.project.add(exchanged(old) + "INSERT INTO t (ref, a, b) VALUES (5, 'a', 'b');"
                       "INSERT INTO x VALUES (7);", "")
    schema.model("t.sql", exchanged(new, old))
    found = schema.autogenerate()
    assert found["proven"] is True
    assert sorted(renames(found)[:len(new)]) == sorted(
        ("rename", name, [other]) for name, other in
        zip([*[f"public.t.{name}" for name in old[:4]], *[f"public.{name}" for name in old[4:8]],
             "public.f()", "public.g()", "public.m"], new))
    assert "DROP" not in "".join(file["content"] for file in found["files"])
    settled(schema)
    assert schema.database.run("SELECT ref, id, b, a, g() FROM t") == [(1, 5, "a", "b", 1)]
    assert schema.database.value("SELECT n FROM y") == 7
    schema.daemon.ctl("migrate", "downgrade", "-" + str(len(found["files"])))
    assert schema.database.run("SELECT id, ref, a, b, f() FROM t") == [(1, 5, "a", "b", 1)]


def test_an_exchange_that_nothing_tells_is_asked_for(schema):
    schema.project.add("CREATE TABLE b (x integer); CREATE TABLE c (x integer);"
                       "INSERT INTO b VALUES (1); INSERT INTO c VALUES (2), (3);", "")
    schema.model("b.sql", "CREATE TABLE b ( -- woven:renamed-from c\n x integer);\n"
                          "CREATE TABLE c ( -- woven:renamed-from b\n x integer);\n")
    found = schema.autogenerate()
    assert found["clean"] is True and any("--rename public.c:b" in note for note in found["notes"])
    found = schema.autogenerate("--rename", "b:c", "--rename", "c:b")
    assert renames(found) == [("rename", "public.b", ["c"]), ("rename", "public.c", ["b"])]
    assert schema.daemon.ctl("migrate", "upgrade", "heads").json["outcome"] == "done"
    assert schema.database.value("SELECT count(*) FROM b") == 2


def test_likely_renames_are_offered_and_never_taken(schema):
    schema.project.add("CREATE TABLE b (x integer PRIMARY KEY, y text NOT NULL); CREATE TABLE twin (x integer);"
                       "CREATE INDEX b_y ON b (y); CREATE TYPE e AS ENUM ('a');" + F.format("f", "integer"), "")
    schema.model("a.sql", BASE.replace("name text", "title text"))
    schema.model("b.sql", "CREATE TABLE c (x integer PRIMARY KEY, y text NOT NULL); CREATE TABLE t1 (x integer);"
                          "CREATE TABLE t2 (x integer); CREATE TYPE g AS ENUM ('a');" + F.format("g", "integer"))
    expected = [("column", "public.a.name", "title"), ("enum", "public.e", "g"),
                ("routine", "public.f(integer)", "g"), ("table", "public.b", "c")]
    def offered(found):
        return sorted((item["kind"], item["from"], item["to"]) for item in found["likely_renames"])
    assert offered(schema.check(expect=3)) == expected
    found = schema.autogenerate()
    assert offered(found) == expected and found["proven"] is True
    text = found["files"][0]["content"]
    for kind, old, new in expected:
        assert f"-- rename? {kind} {old} may have become {new}: --rename {old}:{new} " in text
        assert any(f"--rename {old}:{new}" in note for note in found["notes"])
    assert "DROP TABLE public.b;" in text and "RENAME TO" not in text
    for file in found["files"]:
        schema.project.file_of(file["revision"]).unlink()
    options = [part for _, old, new in expected for part in ("--rename", f"{old}:{new}")]
    found = schema.autogenerate(*options)
    assert found["proven"] is True
    assert offered(found) == [("constraint", "public.c.b_pkey", "c_pkey")]
    settled(schema)


def test_lines_in_bodies_that_look_like_pg_dumps_own(schema):
    """The judge reads statements: a table's column may come in the middle beside such a function."""
    function = ("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n-- of its own\n"
                "UPDATE public.a\nSET name = ''$$;\n")
    schema.project.add(function, "DROP FUNCTION f;")
    schema.model("a.sql", BASE.replace("name text", "added date, name text") + function)
    assert schema.autogenerate()["proven"] is True
    settled(schema)
    schema.model("f.sql", function.replace("of its own", "and changed").replace(
        "CREATE", "CREATE OR REPLACE"))
    assert schema.autogenerate()["proven"] is True
    settled(schema)


def pg_dump_with(schema, folder, lines):
    """Lets the daemon run a pg_dump that does more: `lines` before the real one."""
    programs = Path(postgres_program("pg_dump")).parent
    folder.chmod(0o755)
    for name in ("postgres", "initdb"):
        (folder / name).symlink_to(programs / name)
    wrapper = folder / "pg_dump"
    wrapper.write_text(f"#!/bin/sh\n{lines}\nexec {programs}/pg_dump \"$@\"\n")
    wrapper.chmod(0o755)
    schema.daemon.stop()
    schema.daemon.write_conf(postgres_bin=str(folder))
    schema.daemon.start()
    return wrapper


def test_what_pg_dump_says_beside_its_sql_is_no_sql(schema, tmp_path):
    wrapper = pg_dump_with(schema, tmp_path, "echo \"warning: it's $$\" >&2")
    schema.model("b.sql", "CREATE TABLE b ();\n")
    assert schema.autogenerate()["proven"] is True
    wrapper.write_text("#!/bin/sh\necho CREATE TABLE\necho 'error: it rains' >&2\nexit 1\n")
    schema.model("c.sql", "CREATE TABLE c ();\n")
    error = schema.autogenerate(expect=1)["error"]
    assert error["code"] == "SERVER_FAILED" and error["detail"] == "error: it rains"


def test_nothing_to_do_is_judged_as_well(schema, tmp_path):
    wrapper = pg_dump_with(schema, tmp_path, "echo \"CREATE VIEW of_$$ AS SELECT 1;\"")
    for found in (schema.autogenerate(expect=1), schema.check(expect=1)):
        assert found["error"]["code"] == "SCHEMA_UNPROVEN" and "clean" not in found
        assert "+ CREATE VIEW" in found["error"]["detail"]
    wrapper.write_text("#!/bin/sh\nexit 1\n")
    found = schema.check()
    assert found["clean"] is True and "not judged" in notes_of(found)[0]


def test_pg_dump_connects_as_the_daemon_does(schema, tmp_path):
    """The connection's parts come from the environment, a service file, and a password file."""
    seen = tmp_path / "seen"
    pg_dump_with(schema, tmp_path, f"echo \"password $PGPASSWORD\" >> {seen}\n"
                                   f"tr '\\0' ' ' < /proc/$$/cmdline >> {seen}")
    sockets = str(schema.rig.cluster.sockets)
    (tmp_path / "services").write_text(f"[there]\nhost={sockets}\nuser=postgres\n")
    passwords = tmp_path / "passwords"
    passwords.write_text("*:*:*:*:secret123\n")
    passwords.chmod(0o600)
    schema.model("b.sql", "CREATE TABLE b ();\n")
    for scratch, env in (
            ("dbname=postgres user=postgres", {"PGHOST": sockets, "PGPASSFILE": str(passwords)}),
            ("service=there dbname=postgres", {"PGSERVICEFILE": str(tmp_path / "services")})):
        schema.daemon.stop()
        schema.daemon.env = env
        schema.daemon.write_conf(scratch=scratch)
        schema.daemon.start()
        assert schema.autogenerate("--sql")["proven"] is True
    told = seen.read_text()
    assert "password secret123\n" in told and told.count("secret123") == told.count(
        "password secret123\n")
    assert "secret123" not in schema.daemon.log_text()


def test_what_pg_dump_does_not_print_is_seen(schema):
    """An index that was left invalid, here by what the project's template adds."""
    template = schema.project.folder / "script.sql.in"
    template.write_text("-- message: ${message}\n-- revision: ${up_revision}\n"
                        "-- down_revision: ${down_revision}\n\n-- woven:up\n"
                        "CREATE INDEX left_over ON a (name);\nUPDATE pg_index SET indisvalid = false "
                        "WHERE indexrelid = 'left_over'::regclass;\n-- woven:down\n")
    schema.model("b.sql", "CREATE TABLE b (v varchar(9) CHECK (v IN ('a', 'b')));\n")
    error = schema.autogenerate("--plain", expect=1)["error"]
    assert error["code"] == "SCHEMA_UNPROVEN"
    assert error["detail"] == "after up the schema is not as wanted: it has index public.a.left_over"


def test_models_may_be_a_dump(schema):
    """As pg_dump writes it, with its own lines for psql."""
    schema.model("a.sql", "\\restrict Nothing\nSET check_function_bodies = false;\n"
                          "SELECT pg_catalog.set_config('search_path', '', false);\n"
                          "CREATE TABLE public.a (id integer PRIMARY KEY, name text);\n"
                          "CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS\n"
                          "    '\\restrict is text here';\n\\unrestrict Nothing\n")
    assert [c["object"] for c in schema.autogenerate()["changes"]] == ["public.f()"]
    settled(schema)
    schema.model("a.sql", "\\connect other\n" + BASE)
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["problems"][0]["kind"] == "meta_command"


def test_a_foreign_key_may_lean_on_another_key_than_before(rig):
    """The way back makes two keys of a column in another order, and the key leans on the first."""
    schema = Schema(rig)
    text = ("CREATE TABLE b (old text PRIMARY KEY);\nCREATE UNIQUE INDEX b_key ON b (old);\n"
            "CREATE TABLE c (b text REFERENCES b (old));\n")
    schema.project.add(text, "DROP TABLE c, b;")
    schema.model("b.sql", text.replace("old", "new"))
    assert schema.autogenerate("--plain")["proven"] is True
    settled(schema)
    schema.daemon.ctl("migrate", "downgrade", schema.project.ids[0])
    settled(schema)


def test_a_way_back_commits_values_before_it_uses_them(rig):
    schema = Schema(rig)
    text = ("CREATE TYPE e AS ENUM ('a', 'b'{0});\nCREATE TABLE t (x e);\n"
            "CREATE VIEW v AS SELECT x FROM t WHERE x IN ('a'{0});\n")
    schema.project.add(text.format(", 'c'"), "DROP VIEW v; DROP TABLE t; DROP TYPE e;")
    schema.model("e.sql", text.format(""))
    assert schema.autogenerate()["proven"] is True
    settled(schema)
    schema.daemon.ctl("migrate", "downgrade", schema.project.ids[0])
    settled(schema)


def test_a_way_back_that_rewrites_is_one_transaction(rig):
    """It fails on rows that have the new value, and leaves all as it was, the views and the index."""
    schema = Schema(rig)
    text = ("CREATE TYPE e AS ENUM ('a', 'b'{});\nCREATE TABLE t (x e);\n"
            "CREATE INDEX t_x ON t (x) WHERE x = 'a';\nCREATE VIEW v AS SELECT x FROM t;\n")
    schema.project.add(text.format(""), "DROP VIEW v; DROP TABLE t; DROP TYPE e;")
    schema.model("e.sql", text.format(", 'c'"))
    found = schema.autogenerate()
    [file] = found["files"]
    down = file["content"].split("-- woven:down")[1]
    assert "CONCURRENTLY" not in down and "transaction=off" not in down and "DROP VIEW" in down
    settled(schema)
    schema.database.run("INSERT INTO t VALUES ('c')")
    error = schema.daemon.ctl("migrate", "downgrade", "-1", expect=1).error
    assert error["sqlstate"] == "22P02"
    assert schema.database.value("SELECT count(*) FROM v") == 1
    assert schema.daemon.ctl("migrate", "drift").json["clean"] is True
    schema.database.run("DELETE FROM t")
    schema.daemon.ctl("migrate", "downgrade", "-1")
    settled(schema)


@pytest.mark.parametrize("labels, renamed", [
    ("'a', 'it''s, b', 'd'", "'c' of the enum public.e may have become 'd'"), ("'a', 'd', 'c'", "'it''s, b' of"),
    ("'a', 'c', 'it''s, b'", None), ("'a', 'it''s, b'", None), ("'x', 'y', 'c'", None)])
def test_a_value_that_may_have_another_name_is_told(rig, labels, renamed):
    schema = Schema(rig)
    text = "CREATE TYPE e AS ENUM ({}); CREATE TABLE t (x e);"
    schema.project.add(text.format("'a', 'it''s, b', 'c'"), "DROP TABLE t; DROP TYPE e;")
    schema.model("e.sql", text.format(labels))
    notes = [note for note in schema.check(expect=3)["notes"] if "RENAME VALUE" in note]
    assert len(notes) == (renamed is not None) and all(note.startswith(renamed) for note in notes), notes
    if renamed:
        statement = notes[0][notes[0].index("ALTER TYPE"):notes[0].index(", in a revision")]
        schema.project.add(statement + ";", "")
        assert schema.check()["clean"] is True


def test_a_table_that_may_have_moved_is_told(rig):
    schema = Schema(rig)
    text = "CREATE TABLE {}.t (id integer PRIMARY KEY, v text); CREATE VIEW {}.w AS SELECT 1 AS one;"
    schemas = 'CREATE SCHEMA a; CREATE SCHEMA "B";'
    schema.project.add(schemas + text.format("a", "a"), "")
    schema.model("t.sql", schemas + text.format('"B"', '"B"'))
    found = schema.check(expect=3)
    [note] = [note for note in found["notes"] if "SET SCHEMA" in note]
    assert note.startswith('table a.t may have become "B".t: ') and "likely_renames" not in found
    statement = note[note.index("ALTER TABLE"):note.index(", in a revision")]
    assert statement == 'ALTER TABLE a.t SET SCHEMA "B"'
    schema.project.add(statement + '; ALTER VIEW a.w SET SCHEMA "B";', "")
    assert schema.check()["clean"] is True
