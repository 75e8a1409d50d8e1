"""What the statements of a change are said to do: one change that has the main ones, there and back."""

import re

import pytest

from rig.schema_judge import make, segments

BOTH = """
CREATE TABLE rows (a integer, b text);
CREATE FUNCTION definer() RETURNS integer LANGUAGE sql {definer} AS 'SELECT 1';
CREATE TABLE crash ();
CREATE TABLE kept (a integer, b varchar(9), n text, u integer);
CREATE TABLE numbers (c bigint);
CREATE TABLE sight (a integer);
CREATE VIEW reader WITH ({reader}) AS SELECT a FROM kept;
CREATE POLICY p ON sight USING ({policy});
CREATE POLICY narrow ON sight AS RESTRICTIVE USING (true);
"""
OLD = BOTH.format(definer="", reader="security_invoker=true, security_barrier=on",
                  policy="true") + """
CREATE POLICY other ON sight FOR SELECT USING (true);
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT a FROM rows;
CREATE MATERIALIZED VIEW m AS SELECT a FROM rows;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER TABLE sight ENABLE ROW LEVEL SECURITY;
ALTER TABLE sight FORCE ROW LEVEL SECURITY;
"""
NEW = BOTH.format(definer="SECURITY DEFINER", reader="security_barrier=on",
                  policy="a > 0").replace("b varchar(9)", "b varchar(5)").replace("c bigint", "c real").replace(
    "CREATE TABLE rows (a integer, b text);\n", "").replace(
    "CREATE POLICY narrow ON sight AS RESTRICTIVE USING (true);\n", "").replace(
    "TABLE crash", "UNLOGGED TABLE crash") + """
CREATE TYPE mood AS ENUM ('sad');
CREATE POLICY wide ON sight USING (true);
CREATE POLICY other ON sight FOR ALL USING (true);
ALTER TABLE kept ALTER n SET NOT NULL;
ALTER TABLE kept ADD UNIQUE (u);
CREATE INDEX ON kept (a);
GRANT SELECT ON kept TO PUBLIC;
"""
THERE = {
    "DROP TABLE public.rows": {"lock", "data-loss", "breaks-readers"},
    "DROP SEQUENCE public.s": {"data-loss"},
    "DROP VIEW public.v": {"breaks-readers"},
    "DROP MATERIALIZED VIEW public.m": {"breaks-readers"},
    "DROP ROUTINE public.f()": {"untracked-dependency", "breaks-readers"},
    "CREATE OR REPLACE FUNCTION public.definer()": {"widens-privileges"},
    "ALTER TABLE public.crash SET UNLOGGED": {"lock", "rewrite", "data-loss"},
    "ALTER TABLE public.sight DISABLE ROW": {"lock", "widens-privileges"},
    "ALTER TABLE public.sight NO FORCE ROW": {"lock", "widens-privileges"},
    "ALTER POLICY p ON public.sight": {"lock", "widens-privileges"},
    "CREATE POLICY wide ON public.sight": {"lock", "widens-privileges"},
    "DROP POLICY narrow ON public.sight": {"lock", "widens-privileges"},
    "DROP POLICY other ON public.sight": {"lock"},
    "CREATE POLICY other ON public.sight FOR ALL": {"lock", "widens-privileges"},
    "ALTER VIEW public.reader RESET (security_invoker)": {"lock", "widens-privileges"},
    "ALTER TABLE public.kept ALTER COLUMN b TYPE": {"lock", "rewrite", "may-fail-on-data"},
    "ALTER TABLE public.numbers ALTER COLUMN c TYPE": {"lock", "rewrite", "may-fail-on-data",
                                                       "data-loss"},
    "ALTER TABLE public.kept VALIDATE CONSTRAINT n_not_null_proof": {"lock", "may-fail-on-data"},
    "CREATE UNIQUE INDEX CONCURRENTLY kept_u_key": {"lock", "may-fail-on-data",
                                                    "not-transactional"},
    "CREATE INDEX CONCURRENTLY kept_a_idx": {"lock", "not-transactional"},
    "GRANT SELECT ON TABLE public.kept TO PUBLIC": {"widens-privileges"},
    "CREATE TYPE public.mood": set(),
}
BACK = {
    "CREATE TABLE public.rows": set(),
    "CREATE OR REPLACE FUNCTION public.definer()": set(),
    "ALTER TABLE public.crash SET LOGGED": {"lock", "rewrite"},
    "ALTER TABLE public.sight ENABLE ROW": {"lock", "breaks-readers"},
    "DROP POLICY wide ON public.sight": {"lock"},
    "DROP POLICY other ON public.sight": {"lock"},
    "CREATE POLICY other ON public.sight FOR SELECT": {"lock", "widens-privileges"},
    "CREATE POLICY narrow ON public.sight": {"lock"},
    "ALTER VIEW public.reader SET (security_invoker='true')": {"lock"},
    "ALTER TABLE public.kept ALTER COLUMN b TYPE": {"lock"},
    "ALTER TABLE public.kept ALTER COLUMN n DROP NOT NULL": {"lock"},
}


@pytest.fixture(scope="module", name="told")
def _told(cluster):
    """The hazards of each statement, there and back."""
    old, new = make(cluster, OLD), make(cluster, NEW)
    return [{statement["sql"]: {code for code, _ in statement["hazards"]}
             for segment in segments(*pair) for statement in segment["statements"]}
            for pair in ((old, new), (new, old))]


@pytest.mark.parametrize("way, start, codes", [(way, start, codes)
                                               for way, expected in enumerate((THERE, BACK))
                                               for start, codes in expected.items()])
def test_statement(told, way, start, codes):
    found = [hazards for sql, hazards in told[way].items() if sql.startswith(start)]
    assert found == [codes], list(told[way])


def test_no_table_is_locked_while_another_is_read(cluster):
    """What reads tables whole is in a transaction of its own."""
    old = "".join(f"CREATE TABLE {name} (v integer);\n"
                  f"ALTER TABLE {name} ADD CONSTRAINT c CHECK (v > 0) NOT VALID;\n"
                  for name in ("a", "b"))
    new = old.replace("v integer", "v integer NOT NULL").replace(" NOT VALID", "")
    found = segments(make(cluster, old), make(cluster, new))
    words = [[" ".join(statement["sql"].split()[3:5]) for statement in segment["statements"]]
             for segment in found]
    assert words == [["ADD CONSTRAINT"] * 2, ["VALIDATE CONSTRAINT"] * 2,
                     ["ALTER COLUMN", "DROP CONSTRAINT"] * 2]


def test_what_guards_rows_is_not_away_while_indexes_are_built(cluster):
    """It is dropped and made again in one transaction, after those that it has to wait for."""
    text = """CREATE FUNCTION f(a integer) RETURNS {} LANGUAGE sql IMMUTABLE AS 'SELECT 1';
              CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
              CREATE TABLE t (a integer, b integer, {}); CREATE INDEX i ON t (f(a));
              CREATE TABLE k (a integer, b integer, CONSTRAINT k_t FOREIGN KEY {});
              CREATE POLICY p ON t AS RESTRICTIVE USING (f(a) > 0);
              CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW WHEN (f(new.a) > 0)
                EXECUTE FUNCTION g();"""
    old = text.format("integer", "UNIQUE (a)", "(a) REFERENCES t (a)")
    new = text.format("bigint", "UNIQUE (a, b)", "(a, b) REFERENCES t (a, b)")
    found = segments(make(cluster, old), make(cluster, new))
    assert any(segment["alone"] for segment in found)
    for gone, there in (("DROP POLICY p", "CREATE POLICY p"), ("DROP TRIGGER r", "CREATE TRIGGER r"),
                        ("ALTER TABLE public.k DROP CON", "ALTER TABLE public.k ADD CON")):
        places = [[number for number, segment in enumerate(found)
                   if any(statement["sql"].startswith(start) for statement in segment["statements"])]
                  for start in (gone, there)]
        assert len(places[0]) == 1 and places[0] == places[1], gone


@pytest.mark.parametrize("old, new", [
    ("CREATE TYPE c AS (a integer, b text)", "CREATE TYPE c AS (b text, a bigint)"),
    ("CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE TYPE c AS (a integer, r r)",
     "CREATE TYPE r AS RANGE (SUBTYPE = bigint); CREATE TYPE c AS (a integer, r r)")])
def test_types_are_rebuilt_in_one_transaction(cluster, old, new):
    """With what guards the rows of their columns; indexes are dropped before, and built after."""
    text = """; CREATE TABLE t (x c, b integer); CREATE INDEX i ON t (((x).a)); CREATE INDEX j ON t (x);
              CREATE POLICY p ON t USING ((x).a > 0); CREATE VIEW v AS SELECT x FROM t;"""
    found = segments(make(cluster, old + text), make(cluster, new + text))
    whole = [number for number, segment in enumerate(found)
             for statement in segment["statements"]
             if re.search(r"_old|POLICY|TYPE public\.[rc]\b|TYPE text|VIEW", statement["sql"])]
    assert len(whole) > 6 and len(set(whole)) == 1
    assert any(segment["alone"] for segment in found)


def sql_of(cluster, old, new, *options):
    found = segments(make(cluster, old), make(cluster, new), *options)
    return [statement["sql"] for segment in found for statement in segment["statements"]]


def test_a_check_that_is_there_proves_not_null(cluster):
    """One that stays, one that is validated with it, one that goes: none is made for it."""
    table = "CREATE TABLE t ({});"
    columns = ["a integer", "b integer", "c integer"]
    stays, goes = "CONSTRAINT stays CHECK (a IS NOT NULL)", "CONSTRAINT goes CHECK (c IS NOT NULL)"
    comes = "ALTER TABLE t ADD CONSTRAINT comes CHECK (b IS NOT NULL)"
    found = sql_of(cluster, table.format(", ".join([*columns, stays, goes])) + comes + " NOT VALID;",
                   table.format(", ".join([f"{column} NOT NULL" for column in columns] + [stays]))
                   + comes + ";")
    alter = "ALTER TABLE public.t "
    assert sorted(found) == sorted([alter + rest for rest in (
        "ALTER COLUMN a SET NOT NULL", "ALTER COLUMN c SET NOT NULL", "DROP CONSTRAINT goes",
        "VALIDATE CONSTRAINT comes", "ALTER COLUMN b SET NOT NULL")])
    for first, second in (("c SET NOT NULL", "goes"), ("VALIDATE", "b SET NOT NULL")):
        assert ([first in sql for sql in found].index(True)
                < [second in sql for sql in found].index(True))


@pytest.mark.parametrize("partitions", (
    "", " PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)"))
def test_a_primary_key_finds_its_columns_not_null(cluster, partitions):
    """So that it reads no table under its lock."""
    table = f"CREATE TABLE t (a integer){partitions};"
    found = sql_of(cluster, table, table + "ALTER TABLE t ADD PRIMARY KEY (a);")
    key = next(i for i, sql in enumerate(found) if "PRIMARY KEY" in sql)
    assert found.index("ALTER TABLE public.t ALTER COLUMN a SET NOT NULL") < key
    assert [sql for sql in found if "INDEX" in sql and sql.startswith("CREATE")] == [
        sql for sql in found if "CREATE UNIQUE INDEX CONCURRENTLY" in sql] != []


def test_a_key_takes_an_index_over(cluster):
    table = "CREATE TABLE t (a integer, b integer);"
    found = sql_of(cluster, table + "CREATE UNIQUE INDEX i ON t (a) INCLUDE (b);",
                   table + "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) INCLUDE (b);")
    assert found == ["ALTER TABLE public.t ADD CONSTRAINT k UNIQUE USING INDEX i"]


def test_columns_go_over_to_their_types_in_one_statement(cluster):
    """Which rewrites the table once."""
    text = "CREATE TABLE t (a {0}, b {0}, c {0} NOT NULL); CREATE TABLE u (a {0})"
    written = sql_of(cluster, text.format("integer"), text.format("timestamp"))
    rewrites = [sql for sql in written if " TYPE " in sql]
    assert [(sql.split()[2], sql.count(" TYPE ")) for sql in rewrites] == [
        ("public.t", 3), ("public.u", 1)], written


def test_a_table_is_scanned_once_for_all_that_is_to_hold(cluster):
    """And each of its checks is not read for each other one."""
    text = "CREATE TABLE t (a integer{0}, b text{0}, c integer{1}); CREATE TABLE u (a integer{0})"
    old, new = text.format("", ""), text.format(" NOT NULL", " CHECK (c > 0)")
    written = sql_of(cluster, old, new)
    assert [(sql.split()[2], sql.count("VALIDATE")) for sql in written if "VALIDATE" in sql] == [
        ("public.t", 3), ("public.u", 1)], written
    assert [sql.count("SET NOT NULL") for sql in written if "SET NOT NULL" in sql] == [2, 1], written
    assert sum("SET NOT NULL" in sql for sql in sql_of(cluster, old, new, "plain")) == 2


def test_defaults_come_along_and_cut_no_rewrite_in_two(cluster):
    """Those that the server turns over by itself stay; another one is away for the one statement."""
    text = "CREATE TABLE t (a {0} DEFAULT 1, b {1} DEFAULT {2}, c {0} DEFAULT 3, d {3} DEFAULT 'x', e {1})"
    old, new = (text.format(*types) for types in (("integer", "text", "'7'", "varchar(9)"),
                                                  ("bigint", "boolean", "true", "varchar(20)")))
    alter = "ALTER TABLE public.t ALTER COLUMN "
    written = sql_of(cluster, old, new)
    assert written == [
        alter + "b DROP DEFAULT",
        alter + "a TYPE bigint,\n    ALTER COLUMN b TYPE boolean USING b::boolean,\n"
        "    ALTER COLUMN c TYPE bigint,\n    ALTER COLUMN d TYPE character varying(20),\n"
        "    ALTER COLUMN e TYPE boolean USING e::boolean",
        alter + "b SET DEFAULT true", "ANALYZE public.t (a, b, c, d, e)"]


def test_a_replica_identity_stays_one_while_its_key_is_replaced(cluster):
    """Marked in the statement that swaps the keys; where it has to wait for its columns, that is told."""
    text = "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer{1}, CONSTRAINT u UNIQUE ({0}));" \
        "ALTER TABLE t REPLICA IDENTITY USING INDEX u; ALTER TABLE t CLUSTER ON u"
    swap = "ALTER TABLE public.t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u_new"
    old = text.format("a", "")
    assert sql_of(cluster, old, text.format("b", ""))[1:] == [
        swap + ", REPLICA IDENTITY USING INDEX u", "ALTER TABLE public.t CLUSTER ON u"]
    found = segments(make(cluster, old), make(cluster, text.format("b", " NOT NULL")))
    [swapped] = [statement for segment in found for statement in segment["statements"]
                 if statement["sql"].startswith(swap)]
    assert swapped["sql"] == swap
    assert ["gap", "the replica identity of public.t is away until a later transaction sets it again"] \
        in swapped["hazards"]


LOST = """CREATE TABLE t (a {0}, b text, d text); CREATE INDEX plain ON t (b);
CREATE TABLE x (a {0}, b text); CREATE INDEX x_i ON x ((a + 1), lower(b));
CREATE TABLE h (a {0}, b text); CREATE TABLE heir () INHERITS (h);
CREATE TABLE p (a {0}, k integer, b text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE i (b text); CREATE TABLE q (a integer, b integer); CREATE TABLE g (a integer{1});
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW other AS SELECT b FROM t;
"""
MORE = "CREATE INDEX \"i (j)\" ON i (upper(b)); CREATE INDEX ON t (d COLLATE \"C\");" \
    "CREATE STATISTICS s ON a, b FROM q; CREATE TABLE n (a integer); CREATE INDEX ON n ((a + 1));"


def test_what_is_not_known_of_values_any_more_is_looked_at(cluster):
    """After all else: of one table in a transaction of its own, of several or behind what is in none in none."""
    old = make(cluster, LOST.format("integer", ""))
    computed = ", b integer GENERATED ALWAYS AS (a) STORED, c integer"
    plain, new = (make(cluster, LOST.format("bigint", computed) + more) for more in ("", MORE))
    found = segments(old, new)
    looks = [statement for segment in found for statement in segment["statements"]
             if statement["sql"].startswith("ANALYZE")]
    assert sorted(statement["sql"] for statement in looks) == [
        "ANALYZE public.g (b)", "ANALYZE public.h (a)", "ANALYZE public.heir (a)", "ANALYZE public.i",
        "ANALYZE public.m", "ANALYZE public.p (a)", "ANALYZE public.q", "ANALYZE public.t (a)",
        "ANALYZE public.x"]
    assert all(statement["hazards"] == [["lock", "SHARE UPDATE EXCLUSIVE on " + statement["sql"].split()[1]]]
               for statement in looks)
    assert found[-1]["statements"][-len(looks):] == looks
    assert found[-1]["alone"] is True and len(found[-1]["statements"]) > len(looks)
    back = segments(plain, old)
    assert back[-1]["alone"] is True and back[-2]["alone"] is False
    assert all(statement["sql"].startswith("ANALYZE") for statement in back[-1]["statements"])
    assert not any(statement["sql"].startswith("ANALYZE")
                   for segment in segments(old, new, "plain") for statement in segment["statements"])


def test_what_is_away_for_a_while_is_told(cluster):
    """An index goes before the function that it is of, and a key before what it refers to changes."""
    text = """CREATE FUNCTION f(a integer) RETURNS {} LANGUAGE sql IMMUTABLE AS 'SELECT 1';
              CREATE TABLE t (a integer, b integer, CONSTRAINT k UNIQUE ({}));
              CREATE UNIQUE INDEX u ON t (f(a)); CREATE INDEX i ON t (f(b));
              CREATE TABLE r (a integer, b integer, CONSTRAINT r_t FOREIGN KEY ({}) REFERENCES t ({}));
              CREATE VIEW v AS SELECT f(a) FROM t;"""
    found = segments(make(cluster, text.format("integer", "a", "a", "a")),
                     make(cluster, text.format("bigint", *["a, b"] * 3)))
    told = {statement["sql"]: detail for segment in found for statement in segment["statements"]
            for code, detail in statement["hazards"] if code == "gap"}
    later = " until a later transaction makes it again"
    assert told == {
        "DROP INDEX CONCURRENTLY public.u": "what public.t.u refuses is let in" + later,
        "DROP INDEX CONCURRENTLY public.i": "public.t.i is away" + later + ", and queries are slower",
        "ALTER TABLE public.r DROP CONSTRAINT r_t": "what public.r.r_t refuses is let in" + later}


TOLD = """CREATE DOMAIN plain AS integer; CREATE DOMAIN checked AS integer CHECK (VALUE <> 0);
CREATE DOMAIN over AS checked; CREATE DOMAIN used AS integer {0};
CREATE TABLE far (id {1} PRIMARY KEY, u used); CREATE TABLE near (id integer, far {1});
CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE p_rest PARTITION OF p DEFAULT;
CREATE TABLE attached (a integer); CREATE TABLE new (id integer{2});
"""
FAR_KEY = "ALTER TABLE near ADD CONSTRAINT near_far FOREIGN KEY (far) REFERENCES far;"
DETAILS = {
    "ALTER TABLE public.near DROP CONSTRAINT near_far": [
        ["lock", "ACCESS EXCLUSIVE on public.near"], ["lock", "ACCESS EXCLUSIVE on public.far"]],
    "CREATE TABLE public.p1": [
        ["lock", "ACCESS EXCLUSIVE on public.p"], ["lock", "ACCESS EXCLUSIVE on public.p_rest"],
        ["scan-under-lock", "public.p_rest, the default partition, unless a check keeps such rows out"],
        ["may-fail-on-data", "rows of public.p_rest that belong into the new one"]],
    "ALTER TABLE public.p ATTACH PARTITION public.attached": [
        ["lock", "ACCESS EXCLUSIVE on public.attached"], ["lock", "SHARE UPDATE EXCLUSIVE on public.p"],
        ["scan-under-lock", "public.attached, unless a check proves the bound"],
        ["lock", "ACCESS EXCLUSIVE on public.p_rest"],
        ["scan-under-lock", "public.p_rest, the default partition, unless a check keeps such rows out"],
        ["may-fail-on-data", "rows of public.p_rest that belong into the new one"]],
    "CREATE TABLE public.keyed": [["lock", "SHARE ROW EXCLUSIVE on public.far"]],
    "ALTER DOMAIN public.used VALIDATE CONSTRAINT used_check": [
        ["may-fail-on-data", "values that break used_check"], ["lock", "SHARE on public.far"],
        ["scan-under-lock", "public.far"]],
    "ALTER TABLE public.new OWNER TO": [["lock", "ACCESS EXCLUSIVE on public.new"]],
    "ALTER TABLE public.new ADD COLUMN a public.plain": [["lock", "ACCESS EXCLUSIVE on public.new"]],
    "ALTER TABLE public.new ADD COLUMN b public.over": [
        ["lock", "ACCESS EXCLUSIVE on public.new"],
        ["rewrite", "public.new, whose domain is asked about each row"]],
    "ALTER TABLE public.new ADD COLUMN c timestamp": [["lock", "ACCESS EXCLUSIVE on public.new"]],
    "ALTER TABLE public.new ADD COLUMN d double precision": [
        ["lock", "ACCESS EXCLUSIVE on public.new"],
        ["rewrite", "public.new, when the default is not the same for all rows"]],
    "ALTER TABLE public.new ADD COLUMN e numeric(8,2)": [["lock", "ACCESS EXCLUSIVE on public.new"]],
}


def test_locks_and_reads_of_other_tables_are_told(cluster):
    old = make(cluster, TOLD.format("", "integer", "") + FAR_KEY)
    new = make(cluster, TOLD.format("CHECK (VALUE > 0)", "integer", """, a plain, b over,
        c timestamptz DEFAULT timezone('utc', now()), d double precision DEFAULT random(),
        e numeric(8,2) DEFAULT (7)::numeric(8,2)"""
        ) + """CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        ALTER TABLE p ATTACH PARTITION attached FOR VALUES IN (2);
        CREATE TABLE keyed (far integer REFERENCES far); CREATE ROLE woven_owns; ALTER TABLE new OWNER TO woven_owns;""")
    told = {statement["sql"]: statement["hazards"] for segment in segments(old, new)
            for statement in segment["statements"]}
    for start, hazards in DETAILS.items():
        assert [found for sql, found in told.items() if sql.startswith(start)] == [hazards], start


def test_the_other_end_of_a_foreign_key_is_told(cluster):
    """It is made again with the type of its column, under locks of both tables."""
    old, new = (make(cluster, "CREATE TABLE far (id integer PRIMARY KEY);"
                     f"CREATE TABLE near (far {type_} CONSTRAINT k REFERENCES far);")
                for type_ in ("integer", "bigint"))
    [statement] = [statement for segment in segments(old, new) for statement in segment["statements"]
                   if " TYPE " in statement["sql"]]
    assert statement["hazards"] == [
        ["lock", "ACCESS EXCLUSIVE on public.near"], ["rewrite", "public.near"],
        ["lock", "ACCESS EXCLUSIVE on public.far"],
        ["scan-under-lock", "public.near, for the foreign key k"]]


MADE_ANEW = {
    "ALTER TABLE public.p RENAME TO p_old": [["lock", "ACCESS EXCLUSIVE on public.p"]],
    "LOCK TABLE public.p_old": [["lock", "ACCESS EXCLUSIVE on all partitions of public.p"]],
    "INSERT INTO public.p (a)": [
        ["rewrite", "public.p is made anew: its rows are copied, then the old one is dropped"],
        ["may-fail-on-data", "rows of public.p that the new one does not take"],
        ["data-loss", "all values of public.p.gone"], ["breaks-readers", "public.p"],
        ["breaks-readers", "subscribers of x, which get all rows of public.p once more"]],
    "DROP TABLE public.p_old": [["lock", "ACCESS EXCLUSIVE on public.r"], ["breaks-readers", "public.p1"]],
    "CREATE INDEX i": [],
}


def test_a_table_that_is_made_anew(cluster):
    """It is away for nobody: all is one transaction, which says what it does to whom."""
    both = "CREATE PUBLICATION x FOR ALL TABLES; CREATE TABLE r (a integer PRIMARY KEY);"
    old = "CREATE TABLE p (a integer REFERENCES r, gone text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;"
    new = "CREATE TABLE p (a integer REFERENCES r) PARTITION BY RANGE (a); CREATE INDEX i ON p (a);"
    found = segments(make(cluster, both + old), make(cluster, both + new))
    assert [segment["alone"] for segment in found][0] is False
    for start, hazards in MADE_ANEW.items():
        assert [statement["hazards"] for statement in found[0]["statements"]
                if statement["sql"].startswith(start)] == [hazards], start


def test_a_part_that_is_made_anew_locks_its_whole(cluster):
    old = "CREATE TABLE w (a integer) PARTITION BY LIST (a); CREATE TABLE p PARTITION OF w DEFAULT"
    found = segments(make(cluster, old), make(cluster, old + " PARTITION BY LIST (a)"))
    assert [(statement["sql"], statement["hazards"]) for statement in found[0]["statements"][:2]] == [
        ("LOCK TABLE public.w IN ACCESS EXCLUSIVE MODE",
         [["lock", "ACCESS EXCLUSIVE on public.w and all that is a part of it"]]),
        ("ALTER TABLE public.p RENAME TO p_old", [["lock", "ACCESS EXCLUSIVE on public.p"]])]


def test_a_partition_that_goes_locks_its_whole(cluster):
    whole = "CREATE TABLE w (a integer) PARTITION BY LIST (a);"
    part = "CREATE TABLE p PARTITION OF w DEFAULT"
    ends = [["data-loss", "all rows of public.p"], ["breaks-readers", "public.p"]]
    for new, locks in ((whole, [["lock", "ACCESS EXCLUSIVE on public.p"], ["lock", "ACCESS EXCLUSIVE on public.w"]]),
                       ("", [["lock", "ACCESS EXCLUSIVE on public.p"]])):
        told = {statement["sql"]: statement["hazards"]
                for segment in segments(make(cluster, whole + part), make(cluster, new))
                for statement in segment["statements"]}
        assert told["DROP TABLE public.p"] == locks + ends


def test_what_a_partition_comes_with_is_built_before_it_is_attached(cluster):
    """While others write, also where the whole is new; what fails and what is away is told of each."""
    part = "CREATE TABLE w1 (a integer NOT NULL, b integer);"
    whole = "CREATE TABLE w (a integer PRIMARY KEY, b integer) PARTITION BY LIST (a);" + part + \
        "ALTER TABLE w ATTACH PARTITION w1 FOR VALUES IN (1); CREATE UNIQUE INDEX u ON w (a, b{});"
    old, new, other = make(cluster, part), make(cluster, whole.format("")), make(
        cluster, whole.format(" DESC"))
    told = {statement["sql"]: {code for code, _ in statement["hazards"]}
            for segment in segments(old, new) for statement in segment["statements"]}
    order = [sql.split("(")[0].rstrip() for sql in told]
    attach = order.index("ALTER TABLE public.w ATTACH PARTITION public.w1 FOR VALUES IN")
    for build in ("CREATE UNIQUE INDEX CONCURRENTLY w1_pkey ON public.w1",
                  "CREATE UNIQUE INDEX CONCURRENTLY w1_a_b_idx ON public.w1 USING btree"):
        assert order.index(build) < attach
        assert told[list(told)[order.index(build)]] == {"lock", "may-fail-on-data", "not-transactional"}
    told = {statement["sql"]: {code for code, _ in statement["hazards"]}
            for segment in segments(new, other) for statement in segment["statements"]}
    assert told["DROP INDEX public.u"] == {"lock", "gap"}
    assert told["CREATE UNIQUE INDEX u ON ONLY public.w USING btree (a, b DESC)"] == {"lock"}


def test_privileges_that_are_given_again_are_no_wider(cluster):
    """Those of a view that is made anew; one more is told."""
    text = """CREATE TABLE t (a {0}); CREATE VIEW v AS SELECT a FROM t;
              GRANT SELECT ON v TO pg_monitor; GRANT SELECT ON v TO pg_read_all_data;"""
    new = text.format("bigint") + "GRANT UPDATE ON v TO pg_monitor;"
    told = {statement["sql"]: [code for code, _ in statement["hazards"]]
            for segment in segments(make(cluster, text.format("integer")), make(cluster, new))
            for statement in segment["statements"] if statement["sql"].startswith("GRANT")}
    assert told == {"GRANT SELECT ON TABLE public.v TO pg_read_all_data": [],
                    "GRANT SELECT, UPDATE ON TABLE public.v TO pg_monitor": ["widens-privileges"]}
