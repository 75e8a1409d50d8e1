"""What a column's new type does to its values, by what really becomes of them: kept, lost in part, or
refused. What is said of it before has to be true, also whether the table is rewritten."""

import psycopg2
import pytest

from rig.schema_judge import apply, make, segments

TYPES = ("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE f AS ENUM ('a', 'b', 'c');\n"
         "CREATE DOMAIN small AS integer CHECK (VALUE < 10);\n")
KEPT, LOST, REFUSED = "kept", "lost", "refused"
# from, to, a value, what becomes of it
CASES = [
    ("text", "varchar(3)", "abc", KEPT),
    ("text", "varchar(3)", "abcd", REFUSED),
    ("varchar(9)", "varchar(3)", "abcd", REFUSED),
    ("varchar(3)", "varchar(9)", "abc", KEPT),
    ("varchar(3)", "text", "abc", KEPT),
    ("text", "varchar", "abc", KEPT),
    ("text", "character(3)", "abcd", REFUSED),
    ("character(3)", "character(4)", "abc", KEPT),
    ("varchar(9)[]", "varchar(3)[]", "{abcd}", REFUSED),
    ("varchar(3)[]", "text[]", "{abc}", KEPT),
    ("integer[]", "text[]", "{1,2}", KEPT),
    ("integer[]", "text", "{1,2}", KEPT),
    ("text", "integer", "12", KEPT),
    ("text", "integer", "x", REFUSED),
    ("integer", "text", "12", KEPT),
    ("integer", "varchar(2)", "123", REFUSED),
    ("text", "date", "2026-01-02 10:00", LOST),
    ("text", "numeric(5,1)", "1.26", LOST),
    ("text", "bit(2)", "111", LOST),
    ("smallint", "integer", "1", KEPT),
    ("integer", "bigint", "1", KEPT),
    ("bigint", "integer", "5000000000", REFUSED),
    ("bigint", "double precision", "9007199254740993", LOST),
    ("integer", "double precision", "2147483647", KEPT),
    ("integer", "real", "16777217", LOST),
    ("real", "double precision", "0.5", KEPT),
    ("double precision", "real", "0.1234567890123", LOST),
    ("double precision", "integer", "1.5", LOST),
    ("double precision", "numeric", "0.12345678901234567", LOST),
    ("numeric", "integer", "1.5", LOST),
    ("numeric(5,0)", "integer", "99999", KEPT),
    ("integer", "numeric", "7", KEPT),
    ("integer", "numeric(12,2)", "2147483647", KEPT),
    ("integer", "numeric(5,2)", "1000", REFUSED),
    ("numeric(8,2)", "numeric(8,1)", "1.25", LOST),
    ("numeric(8,2)", "numeric(6,2)", "123456", REFUSED),
    ("numeric(8,2)", "numeric(10,2)", "1.25", KEPT),
    ("numeric(8,2)", "numeric(10,4)", "1.25", KEPT),
    ("numeric(8,2)", "numeric(8,4)", "123456", REFUSED),
    ("numeric(8,2)", "numeric", "1.25", KEPT),
    ("numeric", "numeric(8,2)", "1.255", LOST),
    ("date", "timestamp", "2026-01-02", KEPT),
    ("timestamp", "date", "2026-01-02 10:00", LOST),
    ("timestamptz", "date", "2026-01-02 10:00+00", LOST),
    ("timestamptz", "timestamp", "2026-10-25 01:30+00", LOST),
    ("timestamp", "timestamptz", "2026-03-29 02:30", LOST),
    ("timestamp(3)", "timestamp(0)", "2026-01-02 10:00:00.5", LOST),
    ("timestamp(0)", "timestamp(3)", "2026-01-02 10:00", KEPT),
    ("timestamp(0)", "timestamp", "2026-01-02 10:00", KEPT),
    ("timestamptz", "timestamptz(2)", "2026-01-02 10:00:00.123+00", LOST),
    ("time", "interval", "10:00", KEPT),
    ("interval", "time", "1 day 01:00", LOST),
    ("json", "jsonb", '{"a": 1, "a": 2}', LOST),
    ("jsonb", "json", '{"a": 1}', KEPT),
    ("inet", "cidr", "10.1.2.3/8", LOST),
    ("cidr", "inet", "10.0.0.0/8", KEPT),
    ("bit(3)", "bit(2)", "101", REFUSED),
    ("varbit(3)", "varbit(9)", "101", KEPT),
    ("varbit(9)", "varbit(2)", "101", REFUSED),
    ("bit(3)", "varbit(2)", "101", REFUSED),
    ("e", "text", "a", KEPT),
    ("text", "e", "a", KEPT),
    ("text", "e", "x", REFUSED),
    ("e", "f", "b", KEPT),
    ("integer", "small", "9", KEPT),
    ("integer", "small", "10", REFUSED),
    ("small", "bigint", "9", KEPT),
    ("integer", "boolean", "5", LOST),
    ("uuid", "text", "00000000-0000-0000-0000-000000000001", KEPT),
]


def tables(which):
    return TYPES + "".join(f"CREATE TABLE t{number} (v {case[which]});\n"
                           for number, case in enumerate(CASES))


@pytest.fixture(scope="module", name="changed")
def _changed(cluster):
    """A database with the old types, and for each case the statement that changes its type."""
    work, target = make(cluster, tables(0)), make(cluster, tables(1))
    found = [statement for segment in segments(work, target)
             for statement in segment["statements"] if " TYPE " in statement["sql"]]
    return work, {int(statement["sql"].split()[2].removeprefix("public.t")): statement
                  for statement in found}


def codes(statement):
    return {code for code, _ in statement["hazards"]}


@pytest.mark.parametrize("number", range(len(CASES)),
                         ids=[f"{old} to {new} {end}" for old, new, _, end in CASES])
def test_what_becomes_of_a_value(changed, number):
    work, statements = changed
    old, _, value, end = CASES[number]
    told = codes(statements[number])
    table = f"t{number}"
    work.run(f"INSERT INTO {table} VALUES (%s::{old})", value)
    shown = f"SELECT v::text FROM {table}"
    file = f"SELECT pg_relation_filenode('{table}')"
    before, old_file = work.value(shown), work.value(file)
    zone = "SET TimeZone = 'Europe/Berlin';"
    if end == REFUSED:
        with pytest.raises(psycopg2.Error):
            work.run(zone + statements[number]["sql"])
        assert work.value(shown) == before
        assert "may-fail-on-data" in told
        return
    work.run(zone + statements[number]["sql"])
    assert (work.value(file) != old_file) == ("rewrite" in told)
    assert ("data-loss" in told) == (end == LOST), told
    if end == KEPT:
        back = f"v::{old}" if old != "e" else "v::text::e"
        work.run(f"ALTER TABLE {table} ALTER v TYPE {old} USING {back}")
        assert work.value(shown) == before


@pytest.mark.parametrize("old, new, value, end", [
    ("varchar(9)", "varchar(3)", "abcd", REFUSED),
    ("varchar(9)", "varchar(3)", "abc", KEPT),
    ("integer", "bigint", "1", KEPT),
    ("numeric(8,2)", "numeric(8,1)", "1.25", LOST),
    ("text", "integer", "12", KEPT)])
def test_what_becomes_of_a_domains_value(cluster, old, new, value, end):
    domain = "CREATE DOMAIN d AS {}; CREATE TABLE t (v d, l d[]);"
    work = make(cluster, domain.format(old))
    found = [statement for segment in segments(work, make(cluster, domain.format(new)))
             for statement in segment["statements"]]
    told = set().union(*map(codes, found))
    work.run(f"INSERT INTO t VALUES (%s::{old}, ARRAY[%s::{old}])", value, value)
    before = work.run("SELECT v::text, l::text FROM t")
    script = "; ".join(statement["sql"] for statement in found)
    if end == REFUSED:
        with pytest.raises(psycopg2.Error):
            work.run(script)
        assert "may-fail-on-data" in told
    else:
        work.run(script)
        assert ("data-loss" in told) == (end == LOST), told
    assert (work.run("SELECT v::text, l::text FROM t") == before) == (end != LOST)


# A type that columns use and nothing can alter, old and new; the columns; a row; what is in it then,
# as the new type prints it.
REBUILT = [
    ("CREATE TYPE r AS RANGE (SUBTYPE = integer)", "CREATE TYPE r AS RANGE (SUBTYPE = bigint)",
     "a r, l r[], m r_multirange", "'[1,5)', '{\"[2,3]\",empty,NULL}', '{[1,2],[4,5]}'",
     ("[1,5)", '{"[2,3]",empty,NULL}', "{[1,2],[4,5]}"), KEPT),
    ("CREATE TYPE r AS RANGE (SUBTYPE = numeric)", "CREATE TYPE r AS RANGE (SUBTYPE = integer)",
     "a r", "'[1.5,2)'", None, REFUSED),
    ("CREATE TYPE c AS (a integer, b text)", "CREATE TYPE c AS (b text, n date, a bigint)",
     "x c, l c[], n c, e c", """'(1,"a ""b"", c")', ARRAY[NULL, '(2,)'::c], NULL, ROW(NULL, NULL)::c""",
     ('("a ""b"", c",,1)', '{NULL,"(,,2)"}', None, "(,,)"), KEPT),
    ("CREATE TYPE c AS (a integer, b text)", "CREATE TYPE c AS (a bigint, b varchar(3))",
     "x c", "'(1,abcd)'", None, REFUSED),
    ("CREATE TYPE c AS (a integer, b text)", "CREATE TYPE c AS (b varchar(3), a integer)",
     "x c", "'(1,abcd)'", None, REFUSED),
    ("CREATE TYPE c AS (a numeric, b text)", "CREATE TYPE c AS (a integer, b text)",
     "x c, l c[]", "'(1.6,b)', '{\"(2.4,)\"}'", ("(2,b)", '{"(2,)"}'), LOST),
    ("CREATE TYPE c AS (a integer, b text, d date)", "CREATE TYPE c AS (d date, a integer)",
     "x c", "'(1,b,2026-01-02)'", ("(2026-01-02,1)",), LOST),
    ("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE i AS (n integer, e e); "
     "CREATE DOMAIN d AS i; CREATE TYPE o AS (d d, l i[], e e)",
     "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TYPE i AS (e e, n bigint); "
     "CREATE DOMAIN d AS i; CREATE TYPE o AS (d d, l i[], e e)",
     "o o, l o[]", """ROW('(1,a)', '{"(2,b)"}', 'b'), ARRAY[NULL, ROW('(3,b)', NULL, NULL)::o]""",
     ('("(a,1)","{""(b,2)""}",b)', '{NULL,"(\\"(b,3)\\",,)"}'), KEPT),
    ("CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e[]; CREATE TYPE c AS (e e, d d); "
     "CREATE TYPE r AS RANGE (SUBTYPE = e)",
     "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e[]; CREATE TYPE c AS (e e, d d); "
     "CREATE TYPE r AS RANGE (SUBTYPE = e)",
     "d d, c c[], r r", """'{a,NULL}', '{"(a,{a})"}', '[a,a]'""",
     ("{a,NULL}", '{"(a,{a})"}', "[a,a]"), KEPT),
    ("CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e[]",
     "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e[]", "d d[]", "ARRAY['{b}'::d]", None,
     REFUSED),
    ("CREATE DOMAIN d AS integer", "CREATE DOMAIN d AS integer CHECK (VALUE > 0)",
     "l d[]", "'{1,2}'", ("{1,2}",), KEPT),
    ("CREATE DOMAIN d AS integer", "CREATE DOMAIN d AS integer CHECK (VALUE > 0)",
     "l d[]", "'{1,-2}'", None, REFUSED),
    ("CREATE DOMAIN d AS integer; CREATE TYPE c AS (x d)",
     "CREATE DOMAIN d AS integer NOT NULL; CREATE TYPE c AS (x d)", "x c", "ROW(NULL)", None,
     REFUSED),
    ("CREATE TYPE e AS ENUM ('a', 'b')", "CREATE DOMAIN e AS text CHECK (VALUE <> 'b')",
     "a e, l e[]", "'a', '{a,NULL}'", ("a", "{a,NULL}"), KEPT),
    ("CREATE TYPE e AS ENUM ('a', 'b')", "CREATE DOMAIN e AS text CHECK (VALUE <> 'b')",
     "l e[]", "'{b}'", None, REFUSED),
    ("CREATE COLLATION k (PROVIDER = icu, LOCALE = 'de'); CREATE DOMAIN d AS text COLLATE k",
     "CREATE COLLATION k (PROVIDER = icu, LOCALE = 'sv'); CREATE DOMAIN d AS text COLLATE k",
     "a text COLLATE k, d d, l d[]", "'ä', 'ö', '{z,NULL}'", ("ä", "ö", "{z,NULL}"), KEPT),
]


@pytest.fixture(scope="module", name="owner")
def _owner(cluster):
    cluster.new_database().run("CREATE ROLE woven_owner")


def make_owned(cluster, text):
    """Of somebody who is no superuser, as whom everything runs there."""
    database = make(cluster, """GRANT ALL ON SCHEMA public TO PUBLIC;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET role = woven_owner', current_database()); END $$""")
    database.run(text)
    return database


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("number", range(len(REBUILT)))
def test_what_becomes_of_a_rebuilt_types_values(cluster, number):
    old, new, columns, values, kept, end = REBUILT[number]
    table = f"CREATE TABLE t (id integer, {columns})"
    work = make_owned(cluster, f"{old}; {table}")
    target = make_owned(cluster, f"{new}; {table}")
    work.run(f"INSERT INTO t VALUES (1, {values})")
    found = segments(work, target)
    told = set().union(*(codes(statement) for segment in found
                         for statement in segment["statements"]))
    names = [column.split()[0] for column in columns.split(", ")]
    shown = f"SELECT {', '.join(f't.{name}::text' for name in names)} FROM t"
    before = work.run(shown)
    if end == REFUSED:
        with pytest.raises(AssertionError, match="^(in)?valid|^value|^domain|^null|does not|input"):
            apply(work, found)
        assert "may-fail-on-data" in told
        assert work.run(shown) == before
        return
    apply(work, found)
    assert work.run(shown) == [kept]
    assert ("data-loss" in told) == (end == LOST), told
    assert segments(work, target) == []
