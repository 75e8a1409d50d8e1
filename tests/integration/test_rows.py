"""Rows in the proof: put into every table before new revisions run, and counted after, with the values
of each column."""

import pytest

from rig.schema import Schema

TYPES = """
CREATE EXTENSION citext; CREATE EXTENSION hstore;
CREATE TYPE mood AS ENUM ('good', 'it''s bad');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN code AS text NOT NULL CHECK (VALUE ~ '^[A-Z]{2}$' OR VALUE = 'none');
CREATE DOMAIN short_code AS code CHECK (length(VALUE) < 10);
CREATE TABLE all_types (i smallint NOT NULL, b bigint NOT NULL, n numeric(4,2) NOT NULL, f float8 NOT NULL,
    t text NOT NULL, v varchar(1) NOT NULL, c char(3) NOT NULL, ch "char" NOT NULL, nm name NOT NULL,
    y boolean NOT NULL, d date NOT NULL, ts timestamp NOT NULL, tz timestamptz NOT NULL, tm time NOT NULL,
    ttz timetz NOT NULL, iv interval NOT NULL, ip inet NOT NULL, ci cidr NOT NULL, m macaddr NOT NULL,
    u uuid NOT NULL, j json NOT NULL, jb jsonb NOT NULL, by bytea NOT NULL, x xml NOT NULL,
    a integer[] NOT NULL, bt bit(5) NOT NULL, vb varbit NOT NULL, p point NOT NULL, ln line NOT NULL,
    cc circle NOT NULL, po polygon NOT NULL, r int4range NOT NULL, mr int4multirange NOT NULL,
    tv tsvector NOT NULL, tq tsquery NOT NULL, lsn pg_lsn NOT NULL, mo mood NOT NULL, pa pair NOT NULL,
    co code, sc short_code, reg regclass NOT NULL, mon money NOT NULL, ct citext NOT NULL, h hstore NOT NULL);
CREATE TABLE keys (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, twice bigint
    GENERATED ALWAYS AS (id * 2) STORED, at timestamptz NOT NULL DEFAULT now(), self bigint REFERENCES keys);
CREATE TABLE refs (a bigint NOT NULL REFERENCES keys, state text NOT NULL CHECK (state IN ('open', 'shut')),
    percent integer NOT NULL CHECK (percent > 49 AND percent <= 100),
    starts date NOT NULL, ends date NOT NULL CHECK (ends > DATE '2000-01-01'),
    only_null text CHECK (only_null IS NULL));
CREATE TABLE no_columns ();
CREATE TABLE trigger_says_no (x integer);
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
CREATE TRIGGER no BEFORE INSERT ON trigger_says_no FOR EACH ROW EXECUTE FUNCTION no();
CREATE TABLE parts (k date NOT NULL, v text) PARTITION BY RANGE (k);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE lists (k text) PARTITION BY LIST (k);
CREATE TABLE lists_b PARTITION OF lists FOR VALUES IN ('b');
CREATE TABLE hashed (k integer) PARTITION BY HASH (k);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE "Odd ""name" ("a ""b" integer NOT NULL);
"""
TABLES = 9


@pytest.fixture(name="schema")
def _schema(rig):
    return Schema(rig)


def both(schema, text):
    schema.project.add(text, None)
    schema.model("all.sql", text)


def test_a_row_for_every_type_and_constraint(schema):
    both(schema, TYPES)
    schema.model("new.sql", "CREATE TABLE new (id integer);")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": TABLES, "not_counted": []}


def test_what_takes_no_row_is_named(schema):
    both(schema, "CREATE TABLE a (x integer); CREATE TABLE never (x integer CHECK (x IS NULL AND x > 0) NOT NULL);")
    schema.model("new.sql", "CREATE TABLE new (id integer);")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 1, "not_counted": ["public.never"]}
    assert any("rows of public.never" in note for note in found["notes"])


PURGE = """CREATE TABLE a (id integer);
CREATE FUNCTION purge() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN %s END $$;
CREATE EVENT TRIGGER purge ON ddl_command_end EXECUTE FUNCTION purge();
"""


def test_a_row_that_is_lost_without_a_word_is_no_proof(schema):
    """The database's own trigger does it, which no differ can know."""
    both(schema, PURGE % "IF to_regclass('b') IS NOT NULL THEN DELETE FROM a; END IF;")
    schema.model("b.sql", "CREATE TABLE b (id integer);")
    before = sorted(schema.project.versions.iterdir())
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert error["code"] == "SCHEMA_UNPROVEN"
    assert error["detail"] == "after up 1 of 1 rows of public.a are gone, and no hazard says so"
    assert sorted(schema.project.versions.iterdir()) == before
    found = schema.autogenerate("--unproven")
    assert found["proven"] is False and "rows of public.a are gone" in found["unproven"]
    [path] = set(schema.project.versions.iterdir()) - set(before)
    assert path.read_text().startswith("-- Not proven: after up 1 of 1 rows of public.a are gone")


def test_a_rewrite_that_no_hazard_says_is_told(schema):
    both(schema, PURGE % "IF to_regclass('b') IS NOT NULL THEN TRUNCATE a; INSERT INTO a VALUES (1); END IF;")
    schema.model("b.sql", "CREATE TABLE b (id integer);")
    found = schema.autogenerate()
    assert any(note == "public.a is rewritten, although no hazard says so" for note in found["notes"])


def test_told_losses_and_rewrites_are_no_fault(schema):
    both(schema, "CREATE TABLE a (id integer, gone text, grows integer); CREATE TABLE dropped (x integer);"
                 "CREATE TABLE p (k integer, gone text) PARTITION BY LIST (k);"
                 "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);")
    schema.model("all.sql", "CREATE TABLE a (id integer, grows text);"
                            "CREATE TABLE p (k integer) PARTITION BY LIST (k);"
                            "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);")
    found = schema.autogenerate()
    assert found["proven"] is True and found["rows"] == {"tables": 3, "not_counted": []}
    assert not any("rewritten" in note for note in found["notes"])
    codes = {hazard["code"] for item in found["statements"] for hazard in item["hazards"]}
    assert {"data-loss", "rewrite"} <= codes


def test_renamed_tables_keep_their_rows(schema):
    both(schema, "CREATE TABLE a (id integer, old text);")
    schema.model("all.sql", "CREATE TABLE b (id integer, new text, more date);")
    found = schema.autogenerate("--rename", "a:b", "--rename", "b.old:new")
    assert found["proven"] is True and found["rows"] == {"tables": 1, "not_counted": []}


def test_a_renamed_table_that_is_made_anew_keeps_its_rows(schema):
    both(schema, "CREATE TABLE a (id integer, k integer);")
    schema.model("all.sql", "CREATE TABLE b (id integer, k integer) PARTITION BY LIST (k);"
                            "CREATE TABLE b1 PARTITION OF b DEFAULT;")
    found = schema.autogenerate("--rename", "a:b")
    assert found["proven"] is True and found["rows"] == {"tables": 1, "not_counted": []}


def test_rows_are_counted_without_a_superuser(rig):
    """Who is not asked about row security, until it is forced on owners too."""
    schema = Schema(rig, scratch=f"host={rig.cluster.sockets} user=woven_rows_maker dbname=postgres")
    schema.database.run("CREATE ROLE woven_rows_maker LOGIN CREATEDB")
    rig.defer(lambda: schema.database.run("DROP ROLE woven_rows_maker"))
    both(schema, "CREATE TABLE a (x integer, y text); CREATE TABLE b (x integer);")
    schema.model("all.sql", "CREATE TABLE a (x integer, y text); CREATE TABLE b (x bigint);"
                            "ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;")
    found = schema.autogenerate()
    assert found["proven"] is True and found["rows"] == {"tables": 2, "not_counted": []}


def test_statements_that_fail_on_rows_are_proven_without_them(schema):
    both(schema, "CREATE TABLE a (id integer); CREATE TABLE b (id integer);")
    schema.model("all.sql", "CREATE TABLE a (id integer, must text NOT NULL);"
                            "CREATE TABLE b (id integer, may text);")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 1, "not_counted": ["public.a"]}
    assert any("rows of public.a" in note and "may fail" in note for note in found["notes"])


def in_use(types):
    """Columns of all kinds that the types are rebuilt under."""
    return types + """
CREATE TABLE t (e e NOT NULL, c c NOT NULL, l c[] NOT NULL, d d NOT NULL, r r NOT NULL, k text COLLATE k NOT NULL);
CREATE TABLE p (id integer NOT NULL, c c NOT NULL, r r NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
CREATE INDEX t_c ON t (((c).a)); CREATE VIEW v AS SELECT e, c, k FROM t;
"""


def test_rows_stay_while_their_types_are_rebuilt(schema):
    schema.project.add(in_use("""
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (a integer, e e); CREATE DOMAIN d AS integer[];
CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE COLLATION k (PROVIDER = icu, LOCALE = 'de');"""), None)
    schema.model("all.sql", in_use("""
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TYPE c AS (e e, t text, a bigint); CREATE DOMAIN d AS bigint[];
CREATE TYPE r AS RANGE (SUBTYPE = bigint); CREATE COLLATION k (PROVIDER = icu, LOCALE = 'sv');"""))
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 2, "not_counted": []}
    assert not any("rewritten" in note for note in found["notes"])


KEPT = "a integer NOT NULL, e e NOT NULL, x integer NOT NULL"


def test_rows_stay_while_their_tables_are_made_anew(schema):
    schema.project.add(f"""CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE parent (x integer NOT NULL);
CREATE TABLE p ({KEPT}) PARTITION BY LIST (e); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE q ({KEPT}) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q DEFAULT;
CREATE TABLE plain (id integer GENERATED ALWAYS AS IDENTITY, {KEPT}); CREATE TABLE whole ({KEPT}) PARTITION BY LIST (a);
CREATE TABLE whole1 PARTITION OF whole DEFAULT PARTITION BY HASH (a);
CREATE TABLE whole11 PARTITION OF whole1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE heir ({KEPT});""", None)
    schema.model("all.sql", f"""CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE parent (x integer NOT NULL);
CREATE TABLE p ({KEPT}) PARTITION BY LIST (e); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE q ({KEPT}) PARTITION BY RANGE (x); CREATE TABLE q2 PARTITION OF q DEFAULT;
CREATE TABLE plain (id integer GENERATED ALWAYS AS IDENTITY, {KEPT}) PARTITION BY LIST (x);
CREATE TABLE plain1 PARTITION OF plain DEFAULT; CREATE TABLE whole ({KEPT});
CREATE TABLE heir (a integer NOT NULL, e e NOT NULL) INHERITS (parent);""")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 6, "not_counted": []}
    rewrites = [hazard["text"] for item in found["statements"] for hazard in item["hazards"]
                if hazard["code"] == "rewrite"]
    assert sum("its rows are copied" in text for text in rewrites) == 5


def test_rows_that_fit_no_partition_are_proven_without(schema):
    both(schema, "CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;")
    schema.model("all.sql", "CREATE TABLE p (a integer) PARTITION BY RANGE (a);"
                            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (500) TO (501);")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 0, "not_counted": ["public.p1"]}
    assert any("rows of public.p1" in note and "may fail" in note for note in found["notes"])


def test_rows_that_are_lost_while_they_are_copied_are_no_proof(schema):
    """By a rule of the database's own that nobody has asked for."""
    both(schema, PURGE % "IF to_regclass('a1') IS NOT NULL THEN DELETE FROM a; END IF;")
    schema.model("all.sql", (PURGE % "IF to_regclass('a1') IS NOT NULL THEN DELETE FROM a; END IF;").replace(
        "(id integer)", "(id integer) PARTITION BY LIST (id)") + "CREATE TABLE a1 PARTITION OF a DEFAULT;")
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert error["code"] == "SCHEMA_UNPROVEN"
    assert error["detail"] == "after up 1 of 1 rows of public.a are gone, and no hazard says so"


def unproven(schema, columns, harm, new=""):
    """Why a revision that makes `a` partitioned is not proven, while the database does something of its
    own to the rows that have been copied."""
    purge = PURGE.replace("id integer", columns) % f"IF to_regclass('a1') IS NOT NULL THEN {harm} END IF;"
    both(schema, purge + new)
    schema.model("all.sql", purge.replace(f"({columns})", f"({columns}) PARTITION BY LIST (id)") + new
                 + "CREATE TABLE a1 PARTITION OF a DEFAULT;")
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert error["code"] == "SCHEMA_UNPROVEN"
    return error["detail"]


def test_values_that_are_lost_while_rows_are_copied_are_no_proof(schema):
    assert unproven(schema, "id integer, v text", "UPDATE a SET v = NULL;") == (
        "after up 1 of 1 values of the column v of public.a are gone, and no hazard says so")


def test_values_that_are_exchanged_while_rows_are_copied_are_no_proof(schema):
    assert unproven(schema, "id integer, v text, w text", "UPDATE a SET v = w, w = v WHERE v < w;") == (
        "after up values of the column v of public.a are others, and no hazard says so")


def test_rows_that_come_elsewhere_make_up_for_none(schema):
    assert unproven(schema, "id integer", "INSERT INTO other VALUES (1); DELETE FROM a;",
                    "CREATE TABLE other (id integer);") == (
        "after up 1 of 1 rows of public.a are gone, and no hazard says so")


@pytest.mark.parametrize("harm, loss", [
    ("SET v = NULL", "1 of 1 values of the column v of public.a are gone"),
    ("SET v = w, w = v WHERE v < w", "values of the column v of public.a are others"),
    ("SET n = 7", "values of the column n of public.a are others")])
def test_values_of_a_table_that_stays_are_compared(schema, harm, loss):
    purge = PURGE.replace("id integer", "id integer, v text, w text, n numeric(6,2)") % (
        f"IF to_regclass('b') IS NOT NULL THEN UPDATE a {harm}; END IF;")
    both(schema, purge)
    schema.model("b.sql", "CREATE TABLE b (id integer);")
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert error["code"] == "SCHEMA_UNPROVEN"
    assert error["detail"] == f"after up {loss}, and no hazard says so"


def test_a_value_is_put_where_it_can_be_beside_one_that_cannot(schema):
    """Else nothing would be seen of the loss."""
    purge = PURGE.replace("id integer", "v text, never text CHECK (never IS NULL)") % (
        "IF to_regclass('b') IS NOT NULL THEN UPDATE a SET v = NULL; END IF;")
    both(schema, purge)
    schema.model("b.sql", "CREATE TABLE b (id integer);")
    error = schema.daemon.ctl("migrate", "revision", "--autogenerate", "-m", "x", expect=1).error
    assert "1 of 1 values of the column v of public.a" in error["detail"]


CHANGES = """
CREATE TYPE e AS ENUM (%s); CREATE TYPE c AS (%s); CREATE DOMAIN d AS %s;
CREATE TABLE narrow (n numeric(%s), t timestamp(%s));
CREATE TABLE b (id integer CONSTRAINT b_key PRIMARY KEY, i integer %s,
    g integer GENERATED ALWAYS AS (id + %s) STORED, e e, es e[], c c, d d, k text COLLATE %s, o regclass,
    v %s, dd date DEFAULT %s);
CREATE TABLE refs (a integer REFERENCES b, %s integer, x text) %s;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.x := 'touched'; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON refs FOR EACH ROW EXECUTE FUNCTION touch();
"""


def test_no_change_that_is_asked_for_is_taken_for_a_loss(schema):
    both(schema, CHANGES % ("'x', 'y'", "a integer, b text", "integer", "8,4", "6", "", "1", '"C"',
                            "varchar(10)", "NULL", "old", ""))
    schema.model("all.sql", CHANGES.replace("TABLE b", "TABLE renamed").replace("REFERENCES b", "REFERENCES renamed")
                 % ("'y', 'x', 'z'", "b text, a bigint", "bigint", "6,2", "0",
                    "GENERATED BY DEFAULT AS IDENTITY", "2", '"POSIX"', "text", "now()", "new",
                    "PARTITION BY LIST (new)") + "CREATE TABLE refs1 PARTITION OF refs DEFAULT;")
    found = schema.autogenerate("--rename", "b:renamed", "--rename", "refs.old:new")
    assert found["proven"] is True
    assert found["rows"] == {"tables": 3, "not_counted": []}


@pytest.mark.parametrize("was, becomes", [("integer", "bigint"), ("timestamp", "date")])
def test_rows_stay_while_what_a_table_inherits_twice_changes(schema, was, becomes):
    text = """CREATE TABLE a (x {0}, k text); CREATE TABLE b (x {0}, l text, k text);
CREATE TABLE c (m text) INHERITS (a, b); CREATE TABLE d () INHERITS (c, b);"""
    both(schema, text.format(was))
    schema.model("all.sql", text.format(becomes))
    found = schema.autogenerate()
    assert found["proven"] is True
    assert found["rows"] == {"tables": 4, "not_counted": []}
    assert not any("rewritten" in note for note in found["notes"])


CAST = """
CREATE TYPE e AS ENUM ('x');
CREATE FUNCTION told(e) RETURNS text LANGUAGE plpgsql AS $$ BEGIN %s END $$;
CREATE CAST (e AS text) WITH FUNCTION told(e);
CREATE TABLE a (v e, nothing text CHECK (nothing IS NULL), w e[]);
"""


@pytest.mark.parametrize("body", ["RETURN clock_timestamp();", "RAISE 'no';"])
def test_values_are_read_without_a_cast_that_the_schema_makes(schema, body):
    both(schema, CAST % body)
    schema.model("b.sql", "CREATE TABLE b (id integer);")
    found = schema.autogenerate()
    assert found["proven"] is True and found["rows"] == {"tables": 1, "not_counted": []}
