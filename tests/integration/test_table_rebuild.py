"""Tables that are made anew with their rows: all values come along, there and back, and what counts
columns goes on where it was."""

import contextlib
import threading

import pytest

from rig.cluster import Database
from rig.schema_judge import apply, make, segments
from rig.waiting import wait_until

COLUMNS = ("id integer GENERATED ALWAYS AS IDENTITY, n serial, k integer, t text, "
           "twice integer GENERATED ALWAYS AS (k * 2) STORED")
LIST = f"""CREATE TABLE t ({COLUMNS}, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2); CREATE TABLE t2 PARTITION OF t DEFAULT;
"""
RANGE = f"""CREATE TABLE t ({COLUMNS}, PRIMARY KEY (id, k)) PARTITION BY RANGE (k, id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1, 1) TO (2, 2) PARTITION BY HASH (k);
CREATE TABLE t11 PARTITION OF t1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t12 PARTITION OF t1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE t3 PARTITION OF t DEFAULT;
"""
PLAIN = f"CREATE TABLE t ({COLUMNS}, PRIMARY KEY (id, k));\n"
# The trigger would change each row that it saw.
AROUND = """CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.t := 'spoiled'; RETURN NEW; END $$;
CREATE TRIGGER spoil BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION spoil();
CREATE MATERIALIZED VIEW m AS SELECT id, k, t FROM t WHERE k < 2;
CREATE TABLE o (id integer, k integer);
"""
# The owner does not see all rows, and no superuser does anything.
POLICIES = "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY few ON t USING (k < 2);"
KEYS = ("ALTER TABLE o ADD FOREIGN KEY (id, k) REFERENCES t ON DELETE CASCADE; ALTER TABLE t ADD up integer;"
        "ALTER TABLE t ADD FOREIGN KEY (up, k) REFERENCES t;")
ROWS = """ALTER TABLE t DISABLE TRIGGER spoil, NO FORCE ROW LEVEL SECURITY; ALTER SEQUENCE t_id_seq RESTART WITH 100;
INSERT INTO t (k, t) SELECT i % 4, NULLIF('text ' || i, 'text 3') FROM generate_series(1, 9) i;
DELETE FROM t WHERE n = 9; INSERT INTO o SELECT id, k FROM t; ALTER TABLE t ENABLE TRIGGER spoil;
REFRESH MATERIALIZED VIEW m;
"""


class Owned(Database):
    """All is done by a role that is no superuser, whom its own policies bind."""

    def connect(self, **more):
        connection = super().connect(**more)
        connection.cursor().execute("SET ROLE table_owner")
        return connection


@pytest.fixture(scope="module", autouse=True)
def role(cluster):
    cluster.new_database().run("CREATE ROLE table_owner")


def seen(database):
    everything = Database(database.cluster, database.name)
    return (everything.run("SELECT * FROM t ORDER BY id"), everything.run("SELECT * FROM m ORDER BY id"),
            everything.run("SELECT * FROM o JOIN t USING (id, k) ORDER BY id"))


@pytest.mark.parametrize("who, around, after, mode",
                         [(Owned, POLICIES, "ALTER TABLE t FORCE ROW LEVEL SECURITY", "online"),
                          (Database, KEYS, "UPDATE t SET up = id", "plain")], ids=["owner", "keys"])
@pytest.mark.parametrize("old, new", [(LIST, RANGE), (PLAIN, LIST), (RANGE, PLAIN)],
                         ids=["another key", "partitioned", "plain"])
def test_rows_and_counters_come_along(cluster, old, new, who, around, after, mode):
    def made(text):
        name = cluster.new_database().name
        Database(cluster, name).run("GRANT CREATE ON SCHEMA public TO table_owner")
        who(cluster, name).run(text + AROUND + around)
        return who(cluster, name)
    first, second, work = made(old), made(new), made(old)
    work.run(ROWS + after)
    rows = seen(work)
    assert [len(found) for found in rows] == [8, 4, 8]
    for target in (second, first):
        apply(work, segments(work, target, mode))
        assert segments(work, target) == []
        assert seen(work) == rows
    work.run("INSERT INTO t (k) VALUES (1)")
    assert work.run("SELECT id, n, t FROM t ORDER BY id DESC LIMIT 1") == [(109, 10, "spoiled")]


def test_what_is_written_meanwhile_is_not_lost(cluster):
    """Into a partition by its own name: who has done so before locks nothing of the whole."""
    work, target = make(cluster, LIST), make(cluster, PLAIN)
    found = segments(work, target)
    with contextlib.closing(work.connect()) as writer:
        insert = "INSERT INTO t1 (id, n, k, t) VALUES (%s, 0, 1, 'late')"
        writer.cursor().execute(insert, [1])
        writer.autocommit = False
        writer.cursor().execute(insert, [2])
        thread = threading.Thread(target=apply, args=(work, found))
        thread.start()
        wait_until(lambda: work.value("SELECT count(*) FROM pg_locks WHERE NOT granted"), "nobody waits")
        writer.commit()
        thread.join()
    assert work.run("SELECT id FROM t ORDER BY id") == [(1,), (2,)]


HEIR = ("CREATE TABLE w (x integer, CONSTRAINT c CHECK (x > 0)); CREATE TABLE b (x integer, CONSTRAINT c CHECK (x > 0)) INHERITS (w);",
        "CREATE TABLE w (x integer, CONSTRAINT c CHECK (x > 0)); CREATE TABLE b () INHERITS (w);")
PART = ("""CREATE TABLE w (x integer, y integer) PARTITION BY LIST (x); CREATE TABLE m PARTITION OF w DEFAULT PARTITION BY LIST (x);
        CREATE TABLE b PARTITION OF m FOR VALUES IN (1, 2); CREATE TABLE o PARTITION OF m DEFAULT;""",
        """CREATE TABLE w (x integer, y integer) PARTITION BY LIST (x); CREATE TABLE m PARTITION OF w DEFAULT PARTITION BY LIST (x);
        CREATE TABLE b PARTITION OF m FOR VALUES IN (1, 2) PARTITION BY LIST (y); CREATE TABLE b1 PARTITION OF b DEFAULT;
        CREATE TABLE o PARTITION OF m DEFAULT;""")


@pytest.mark.parametrize("old, new", [HEIR, PART], ids=["heir", "partition"])
def test_who_reads_the_whole_meanwhile_misses_nothing(cluster, old, new):
    """Nor is it a deadlock: who waits for the whole holds no lock of it that the drop waits for."""
    work, target = make(cluster, old), make(cluster, new)
    work.run("INSERT INTO b (x) VALUES (1), (2)")
    statements = [item["sql"] for item in segments(work, target)[0]["statements"]]
    seen_by_reader = []
    thread = threading.Thread(target=lambda: seen_by_reader.append(work.value("SELECT count(*) FROM w")))
    with contextlib.closing(work.connect()) as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        for sql in statements:
            cursor.execute(sql)
            if " RENAME TO " in sql:
                thread.start()
                wait_until(lambda: work.value("SELECT count(*) FROM pg_locks WHERE NOT granted"), "nobody waits")
        connection.commit()
        thread.join()
    assert seen_by_reader == [2]


def test_a_whole_is_set_aside_before_its_parts(cluster):
    """Who reads a part that is a whole itself holds no lock of it while waiting for its parts."""
    tree = """CREATE TABLE a (x integer) PARTITION BY {} (x); CREATE TABLE m PARTITION OF a DEFAULT PARTITION BY LIST (x);
              CREATE TABLE l PARTITION OF m DEFAULT;"""
    found = segments(make(cluster, tree.format("LIST")), make(cluster, tree.format("RANGE")))
    assert [item["sql"].split()[2] for item in found[0]["statements"] if " RENAME TO " in item["sql"]] == [
        "public.a", "public.m", "public.l"]


NOT_VALID = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
TREE = "CREATE TABLE t (a integer) PARTITION BY LIST (a); CREATE TABLE td PARTITION OF t DEFAULT;"


@pytest.mark.parametrize("new", [TREE + NOT_VALID, TREE], ids=["kept", "gone"])
def test_rows_that_a_check_was_never_held_against_come_along(cluster, new):
    work = make(cluster, "CREATE TABLE t (a integer); INSERT INTO t VALUES (-1);" + NOT_VALID)
    target = make(cluster, new)
    apply(work, segments(work, target))
    assert segments(work, target) == []
    assert work.run("SELECT a FROM t") == [(-1,)]


def test_rows_that_are_values(cluster):
    """They go over with their table, by itself and in arrays; columns by name, wherever they stand now."""
    old = """CREATE TABLE p (a integer, b text, c integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
    CREATE DOMAIN d AS p1; CREATE TABLE u (id integer, x p[], y p1, w p1[], z d);"""
    new = """CREATE TABLE p (d text, b text, a bigint) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
    CREATE DOMAIN d AS p1; CREATE TABLE u (id integer, x p[], y p1, w p1[], z d);"""
    work, target = make(cluster, old), make(cluster, new)
    work.run("""INSERT INTO p VALUES (1, 'x,"y', 3), (2, NULL, 4);
    INSERT INTO u SELECT 1, array_agg(p ORDER BY a), ROW(5, '(', 6)::p1, (SELECT array_agg(q ORDER BY a) FROM p1 q), ROW(7, '', 8)::p1 FROM p;
    INSERT INTO u VALUES (2, NULL, NULL, '{NULL}', NULL)""")
    apply(work, segments(work, target))
    assert work.run("SELECT a, b, d FROM p ORDER BY a") == [(1, 'x,"y', None), (2, None, None)]
    assert work.run("""SELECT (x[1]).a, (x[1]).b, (x[2]).a, (x[2]).b, (y).a, (y).b, (w[2]).a, (z).a, (z).b, (z).d
                         FROM u ORDER BY id""") == [(1, 'x,"y', 2, None, 5, "(", 2, 7, "", None), (None,) * 10]
    assert work.run("SELECT x IS NULL, y IS NULL, w::text, z IS NULL FROM u WHERE id = 2") == [(True, True, "{NULL}", True)]


def test_rows_beside_foreign_tables(cluster):
    """Those that are here are copied; nothing is asked of a foreign table, which no server is behind."""
    both = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE p (a integer) PARTITION BY "
    work = make(cluster, both + """LIST (a); CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES IN (1) SERVER s;
                CREATE TABLE g PARTITION OF p DEFAULT; INSERT INTO g VALUES (2), (3)""")
    target = make(cluster, both + """RANGE (a); CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES FROM (1) TO (2) SERVER s;
                  CREATE TABLE g PARTITION OF p DEFAULT""")
    apply(work, segments(work, target))
    assert work.run("SELECT a FROM g ORDER BY a") == [(2,), (3,)]
    assert segments(work, target) == []
