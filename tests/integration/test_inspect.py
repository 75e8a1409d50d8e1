"""Reading a schema: the same text for the same schema, what is left out, what others may read."""

import subprocess

import pytest

from rig.catalog import PROGRAM, Catalog, dump
from rig.waiting import wait_until

# Statements that do not need each other, but for the order within each.
PIECES = [
    ["CREATE SCHEMA \"My Schema\"", "CREATE TABLE \"My Schema\".\"Other T\" (x int, \"Y y\" text)",
     "CREATE INDEX ON \"My Schema\".\"Other T\" (lower(\"Y y\") DESC) WITH (fillfactor = 50)",
     "GRANT SELECT (\"Y y\"), INSERT ON \"My Schema\".\"Other T\" TO \"we ird\", reader",
     "COMMENT ON COLUMN \"My Schema\".\"Other T\".\"Y y\" IS 'why'"],
    ["CREATE TYPE mood AS ENUM ('sad', 'it''s', 'a, b')", "CREATE TABLE m (a mood[], b mood)",
     "ALTER TABLE m ALTER b SET DEFAULT 'sad'", "CREATE DOMAIN md AS mood CHECK (VALUE <> 'sad')"],
    ["CREATE TABLE k (id serial PRIMARY KEY, j int GENERATED ALWAYS AS IDENTITY, t timestamptz"
     " DEFAULT '2020-01-01 00:00:00+00', i interval DEFAULT '1 day 2 hours',"
     " f float8 DEFAULT 0.1, h bytea DEFAULT '\\x00ff')",
     "CREATE TABLE l (id int REFERENCES k)",
     "CREATE VIEW v AS SELECT k.id, l.id AS other FROM k JOIN l USING (id)",
     "CREATE VIEW vv WITH (security_barrier) AS SELECT * FROM v WHERE other > 1",
     "CREATE FUNCTION f(x k) RETURNS SETOF v LANGUAGE sql SET search_path = public, pg_temp AS"
     " 'SELECT * FROM v'",
     "ALTER TABLE l ENABLE ROW LEVEL SECURITY", "CREATE POLICY p ON l TO reader, \"we ird\" USING (id > 1)"],
    ["CREATE TABLE p (a int, b text) PARTITION BY RANGE (a)",
     "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9)",
     "CREATE INDEX pi ON p (b)", "CREATE STATISTICS st ON a, b FROM p"],
    ["CREATE EXTENSION hstore", "CREATE TABLE e (h hstore)", "CREATE INDEX eh ON e USING gin (h)"],
    ["CREATE PUBLICATION pub", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader, \"we ird\"",
     "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM reader, \"we ird\""],
]


@pytest.fixture(name="roles", scope="module", autouse=True)
def _roles(cluster):
    connection = cluster.connect("postgres")
    connection.cursor().execute('CREATE ROLE reader LOGIN; CREATE ROLE "we ird"')
    connection.close()


def build(database, pieces):
    connection = database.connect()
    for piece in pieces:
        for statement in piece:
            connection.cursor().execute(statement)
    connection.close()


def test_the_same_schema_gives_the_same_text(rig):
    """Another order of creation, other oids, dropped columns, other settings of the database."""
    one, two = rig.database(), rig.database()
    build(one, PIECES)
    two.run("CREATE TABLE waste (x serial PRIMARY KEY); CREATE TYPE gone AS ENUM ('a');"
            "DROP TABLE waste; DROP TYPE gone")
    two.run(f"ALTER DATABASE {two.name} SET search_path = pg_catalog;"
            f"ALTER DATABASE {two.name} SET DateStyle = 'German';"
            f"ALTER DATABASE {two.name} SET TimeZone = 'Asia/Tokyo';"
            f"ALTER DATABASE {two.name} SET IntervalStyle = 'iso_8601';"
            f"ALTER DATABASE {two.name} SET bytea_output = 'escape';"
            f"ALTER DATABASE {two.name} SET extra_float_digits = -5;"
            f"ALTER DATABASE {two.name} SET quote_all_identifiers = on")
    build(two, [["SET search_path = public; SET DateStyle = 'ISO'; SET TimeZone = 'UTC'"]
                + [statement for piece in reversed(PIECES) for statement in piece]])
    assert Catalog(two.conninfo).unmodelled == {"setting of the database": 1}
    texts = [[line for line in dump(database.conninfo).splitlines() if "unmodelled" not in line]
             for database in (one, two)]
    assert texts[0] == texts[1]


def test_a_dump_that_is_loaded_reads_the_same(rig):
    one, two = rig.database(), rig.database()
    build(one, PIECES)
    script = "\n".join(line for line in one.dump() if not line.startswith("SET transaction_timeout"))
    two.run(script)
    assert Catalog(one.conninfo).differences(Catalog(two.conninfo)) == set()


def test_members_of_extensions_are_marked(rig):
    database = rig.database()
    database.run("CREATE EXTENSION hstore; CREATE TABLE t (h hstore)")
    catalog = Catalog(database.conninfo)
    assert not [name for name in catalog.objects if "hstore" in name and name not in (
        "extension hstore", "comment extension hstore")]
    assert catalog.all["base type public.hstore"]["member"]
    assert "extension hstore" in catalog.objects["column table public.t.h"]["needs"]


def test_privileges_on_members_are_compared_with_the_extension_s_own(rig):
    database = rig.database()
    database.run("CREATE EXTENSION pg_stat_statements")
    assert not [name for name in Catalog(database.conninfo).objects if name.startswith("acl f")]
    database.run("GRANT SELECT ON pg_stat_statements TO reader;"
                 "REVOKE SELECT ON pg_stat_statements FROM PUBLIC")
    acl = Catalog(database.conninfo)["acl view public.pg_stat_statements"]
    assert acl == {"grants": "SELECT TO reader", "revokes": "SELECT FROM PUBLIC"}


def test_copies_on_partitions(rig):
    database = rig.database()
    database.run("""
        CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p (a int PRIMARY KEY REFERENCES r, b text CHECK (b > 'a')) PARTITION BY RANGE (a);
        CREATE INDEX pb ON p (b);
        CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION tf();
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
        CREATE TABLE q (x int CONSTRAINT of_copy REFERENCES p1);
        COMMENT ON TYPE p1 IS 'a row type''s';""")
    catalog = Catalog(database.conninfo)
    assert [name for name in catalog.objects if ".p1" in name] == [
        "table public.p1", "column table public.p1.a", "column table public.p1.b",
        "partition public.p1", "partition index public.p_pkey on public.p1",
        "partition index public.pb on public.p1"]
    # What needs a copy needs what it is a copy of; the original does not need the partition.
    assert catalog.objects["constraint table public.q.of_copy"]["needs"].keys() >= {
        "constraint table public.p.p_pkey"}
    assert "table public.p" not in catalog.objects["table public.p1"]["needs"]
    assert catalog.objects["partition public.p1"]["needs"]["table public.p"] == "normal"
    assert not any(".p1" in need for name, item in catalog.objects.items()
                   if ".p1" not in name and "of_copy" not in name for need in item["needs"])
    assert catalog.unmodelled == {"comment on a part that has no name of its own": 1}


def test_needs_follow_what_is_a_form_of_something_else(rig):
    database = rig.database()
    database.run("""
        CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x e[]);
        CREATE TABLE t (id int PRIMARY KEY, x c[], g int GENERATED ALWAYS AS (id + 1) STORED);
        CREATE VIEW v AS SELECT id, x FROM t GROUP BY id;
        CREATE FUNCTION f(t[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TABLE s (n int); CREATE SEQUENCE sq OWNED BY s.n;
        ALTER TABLE s ALTER n SET DEFAULT nextval('sq')""")
    objects = Catalog(database.conninfo).objects

    def needs(name):
        return objects[name]["needs"].keys() - {"schema public"}

    assert needs("composite attribute composite type public.c.x") == {"enum public.e"}
    assert needs("column table public.t.x") == {"composite type public.c"}
    assert needs("column table public.t.g") == {"column table public.t.id"}
    assert needs("view public.v") == {"column table public.t.id", "column table public.t.x",
                                      "constraint table public.t.t_pkey"}
    assert needs("routine public.f(public.t[])") == {"table public.t"}
    # No circle: the default needs the sequence, the ownership needs the column.
    assert needs("sequence public.sq") == set()
    assert needs("default column table public.s.n") == {"sequence public.sq"}
    assert needs("sequence owner sequence public.sq") == {"column table public.s.n"}


def test_who_owns_nothing_reads_the_same(rig):
    """Nothing that is read needs a privilege; other sessions' temporary tables do not disturb."""
    database = rig.database()
    build(database, PIECES)
    database.run("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
                 "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'secret');"
                 "REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    other = database.connect()
    other.cursor().execute(
        "CREATE TEMP TABLE tmp (x int DEFAULT 4 CHECK (x > 2) PRIMARY KEY);"
        "COMMENT ON TABLE tmp IS 'q'; COMMENT ON COLUMN tmp.x IS 'q'; CREATE POLICY pt ON tmp;"
        "COMMENT ON POLICY pt ON tmp IS 'z'; CREATE VIEW pg_temp.tv AS SELECT * FROM tmp")
    as_owner = Catalog(database.conninfo)
    as_reader = Catalog(database.conninfo.replace("user=postgres", "user=reader"))
    other.close()
    assert not [name for name in as_owner.objects if "tmp" in name]
    differences = as_owner.differences(as_reader)
    # Only what is written in terms of the reading role differs, and the password is hidden.
    assert {item for item in differences if not item.startswith(("+owner ", "policy ", "acl "))} == {
        "user mapping server s.PUBLIC: options"}
    assert "secret" not in str(as_reader.objects)


def test_ledger_and_version_table_and_patterns_are_ignored(rig):
    database = rig.database()
    database.run("""
        CREATE SCHEMA woven; CREATE TABLE woven.meta (x int PRIMARY KEY);
        CREATE TABLE alembic_version (version_num text PRIMARY KEY);
        CREATE SCHEMA other; CREATE TABLE other.alembic_version (x int); CREATE TABLE other.keep (x int);
        CREATE TABLE tmp_a (x int); CREATE INDEX tmp_i ON other.keep (x); CREATE TABLE mine (tmp_x int);
        CREATE SCHEMA audit; CREATE VIEW audit.v AS SELECT 1 AS one;
        COMMENT ON VIEW audit.v IS 'x'""")
    catalog = Catalog(database.conninfo, "--ledger", "woven", "--version-table", "alembic_version",
                      "--ignore", "public.tmp_*", "--ignore", "schema audit",
                      "--ignore", "index other.tmp_*")
    ours = {name for name, item in catalog.objects.items()
            if not item["ignored"] and not name.endswith(("schema public", "plpgsql"))}
    assert ours == {
        "schema other", "table other.alembic_version", "column table other.alembic_version.x",
        "table other.keep", "column table other.keep.x", "table public.mine",
        "column table public.mine.tmp_x"}


def test_no_database_is_an_error_and_no_empty_schema(rig):
    with pytest.raises(AssertionError, match="DATABASE_UNREACHABLE"):
        dump(rig.database().conninfo + "_gone")


def test_what_is_dropped_meanwhile_is_not_half_read(rig):
    """The reading waits for a lock at the views; indexes come after them."""
    database = rig.database()
    database.run("CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE u (a int);"
                 "CREATE VIEW v AS SELECT a FROM u")
    with database.locked("u") as blocker:
        reading = subprocess.Popen([PROGRAM, database.conninfo], stdout=subprocess.PIPE, text=True)
        wait_until(lambda: database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type"
                                          " = 'Lock' AND application_name = 'live_catalog'") == 1,
                   "the reading to wait")
        blocker.cursor().execute("DROP INDEX i; ALTER TABLE t DROP a")
        blocker.commit()
        text, _ = reading.communicate()
    assert reading.returncode == 0
    assert "index public.i" not in text and "column table public.t.a" not in text
    assert "view public.v" in text


def test_a_locked_table_does_not_hold_it_up(rig):
    database = rig.database()
    database.run("CREATE TABLE t (a int)")
    with database.locked("t"):
        assert "table public.t" in Catalog(database.conninfo).objects


def test_unmodelled_things_are_counted(rig):
    database = rig.database()
    database.run("GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO reader;"
                 "GRANT SELECT (rolname) ON pg_authid TO reader;"
                 f"ALTER DATABASE {database.name} SET work_mem = '1MB'")
    assert Catalog(database.conninfo).unmodelled == {
        "privileges of a system object": 2, "setting of the database": 1}


def test_names_with_everything_in_them(rig):
    database = rig.database()
    name = 'a"b.c USING btree ON ONLY \' $1 @me@'
    quoted = '"' + name.replace('"', '""') + '"'
    database.run(f"CREATE SCHEMA {quoted}; CREATE TABLE {quoted}.{quoted} ({quoted} int);"
                 f"CREATE INDEX {quoted[:-1]} i\" ON {quoted}.{quoted} ({quoted});"
                 f"COMMENT ON COLUMN {quoted}.{quoted}.{quoted} IS 'x'")
    catalog = Catalog(database.conninfo)
    assert catalog[f"index {quoted}.{quoted[:-1]} i\""]["definition"] == f"btree ({quoted})"
    assert f"comment column table {quoted}.{quoted}.{quoted}" in catalog.objects
