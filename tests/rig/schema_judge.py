"""Leads a database from one schema to another by what the engine writes, and judges the result by
pg_dump, which shares no code with the engine."""

import json
import re
import subprocess

import psycopg2

from .programs import BUILD, postgres_program, postgres_version

DIFF = str(BUILD / "tests" / "schema_diff")
# What has no order: storage parameters, the columns of statistics.
UNORDERED = (re.compile(r"(?<=WITH \()[^()]*(?=\))"),
             re.compile(r"(?<= ON )[^()]*(?= FROM .*;$)"))
NOT_NULL_NAME = re.compile(r'CONSTRAINT (?:"(?:[^"]|"")+"|\w+) (?=NOT NULL)')
# What is set aside, under which name.
NAME_ASIDE = r'("(?:[^"]|"")+_old(?:_\d+)?"|\w+_old(?:_\d+)?)'
ASIDE = re.compile(rf"^ALTER (TABLE|TYPE|DOMAIN|COLLATION|ROUTINE) .* RENAME TO {NAME_ASIDE}$")
DROPPED = re.compile(rf"^DROP \w+ .*?\.{NAME_ASIDE}(?=\(|$| CASCADE$)")
ROLES = ("woven_anna", "woven_bert", '"woven ""c"", TO d"')


# All that a schema may leave in a database; "public" is as it is in a new one.
CLEAN = """
DO $$
DECLARE made text;
BEGIN
  FOR made IN SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
              UNION ALL
              SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
               WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
              UNION ALL
              SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM %s',
                            pg_get_userbyid(defaclrole),
                            CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                                               WHEN 'f' THEN 'ROUTINES' ELSE 'TYPES' END,
                            quote_ident(pg_get_userbyid(a.grantee)))
                FROM pg_default_acl, aclexplode(defaclacl) a
               WHERE defaclnamespace = 0 AND a.grantee NOT IN (0, defaclrole)
  LOOP
    EXECUTE made;
  END LOOP;
END $$;
"""
CLEAN += """
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
""" if postgres_version() >= 15 else """
CREATE SCHEMA public;
GRANT ALL ON SCHEMA public TO PUBLIC;
"""


class Engine:
    """One schema_diff that answers many questions; started again when it has ended."""

    def __init__(self):
        self.process = None
        self.known = set()  # databases that have not changed since it read them

    def name(self, database):
        known = database.conninfo in self.known
        self.known.add(database.conninfo)
        return ("=" if known else "") + database.conninfo

    def changes(self, database):
        self.known.discard(database.conninfo)

    def ask(self, mode, before, after):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen([DIFF, "--serve"], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{mode}\t{self.name(before)}\t{self.name(after)}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"schema_diff ended: {self.process.wait()}"
        found = json.loads(answer)
        assert isinstance(found, list), found["error"]
        return found


ENGINE = Engine()


def make(cluster, text):
    database = cluster.new_database()
    if text.strip():
        database.run(text)
    return database


def make_again(database, text):
    """Makes the schema in a database that has another."""
    ENGINE.changes(database)
    database.run(CLEAN)
    database.run(text)


def segments(before, after, mode="online"):
    return ENGINE.ask(mode, before, after)


def apply(database, found):
    """Each segment as its revision would run: in one transaction, or statement by statement."""
    ENGINE.changes(database)
    connection = database.connect()
    try:
        cursor = connection.cursor()
        cursor.execute("SET check_function_bodies = off")
        for segment in found:
            lines = [item["sql"] + ";" for item in segment["statements"]]
            for script in lines if segment["alone"] else ["\n".join(["BEGIN;", *lines, "COMMIT;"])]:
                try:
                    cursor.execute(script)
                except psycopg2.Error as error:
                    raise AssertionError(f"{error}\n{script}") from error
    finally:
        connection.close()


def dump(database):
    """pg_dump's text, without its own marks, the order of columns, and separate statements sorted:
    what differs is the schema alone. None from a server that is newer than pg_dump, which refuses
    it: there the engine's own reading and what usable() and unusual() tell are all that judges."""
    if postgres_version("pg_dump") < postgres_version():
        return None
    text = subprocess.run([postgres_program("pg_dump"), "--schema-only", "-d", database.conninfo],
                          capture_output=True, text=True, check=True).stdout
    kept = [line for line in text.splitlines()
            if line and not line.startswith(("--", "\\restrict", "\\unrestrict", "SET ",
                                             "SELECT pg_catalog.set_config"))
            and 'TRIGGER "RI_ConstraintTrigger_' not in line]
    # What an heir's NOT NULL is called follows from how it became one: no statement changes it.
    heirs = {row[0] for row in database.run(
        "SELECT format('%s.%I', relnamespace::regnamespace, relname) FROM pg_class"
        " WHERE oid IN (SELECT inhrelid FROM pg_inherits)")}
    blocks, block = [], []
    for line in kept:
        if block and block[0].startswith("CREATE") and block[0].split()[-2] in heirs:
            line = NOT_NULL_NAME.sub("", line)
        for items in UNORDERED[:2 if line.startswith("CREATE STATISTICS") else 1]:
            line = items.sub(lambda found: ", ".join(sorted(found[0].split(", "))), line)
        block.append(line.rstrip(","))
        if line.endswith(";"):
            body = sorted(block[1:-1]) if block[0].startswith(("CREATE TABLE", "CREATE UNLOGGED TABLE")) else block[1:-1]
            blocks.append("\n".join([block[0], *body, *(block[-1:] if len(block) > 1 else [])]))
            block = []
    return sorted(blocks + ["\n".join(block)])


def usable(database):
    """What pg_dump does not tell: which materialized views can be read, which indexes serve."""
    text = database.value(
        "SELECT string_agg(c.oid::regclass::text, E'\\n') FROM pg_class c"
        " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
        " WHERE (c.relkind = 'm' AND c.relispopulated) OR (c.relkind IN ('i', 'I') AND"
        " i.indisvalid AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace))")
    return set((text or "").split("\n"))


def unusual(database):
    """The triggers of keys that do not fire as usual: pg_dump tells few, by names with numbers."""
    return database.value(
        "SELECT string_agg(format('%s %s of %s: %s', t.tgrelid::regclass, t.tgfoid::regproc, k.conname,"
        " t.tgenabled), E'\\n' ORDER BY t.tgrelid::regclass::text, t.tgfoid::regproc::text, k.conname)"
        "  FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint"
        " WHERE t.tgisinternal AND t.tgenabled <> 'O'")


def statements(found):
    return "\n".join(item["sql"] + ";" for segment in found for item in segment["statements"])


def left_aside(found):
    """What others see half done: set aside in a transaction that does not drop it. A partition goes with
    its whole: of tables one will do. A type's functions go with it."""
    left = []
    for segment in found:
        written = [item["sql"] for item in segment["statements"]]
        dropped = {name for sql in written for name in DROPPED.findall(sql)}
        aside = [pair for sql in written for pair in ASIDE.findall(sql)]
        kinds = {kind for kind, name in aside if name in dropped}
        along = {"TABLE"} & kinds | ({"ROUTINE"} if any(sql.endswith(" CASCADE") for sql in written) else set())
        left += [name for kind, name in aside if name not in dropped and kind not in along]
    return left


def lead(work, target, mode="online"):
    found = segments(work, target, mode)
    assert found, "the engine sees no difference"
    assert not left_aside(found), f"torn apart is\n{statements(found)}"
    apply(work, found)
    left = statements(segments(work, target))
    assert not left, f"never converges; left is\n{left}\nwritten was\n{statements(found)}"
    text, wanted = dump(work), dump(target)
    assert text == wanted, (f"is {[item for item in text if item not in wanted]}\nnot "
                            f"{[item for item in wanted if item not in text]}\nwritten was\n"
                            f"{statements(found)}")
    assert usable(target) <= usable(work), f"written was\n{statements(found)}"
    assert unusual(target) == unusual(work), f"written was\n{statements(found)}"
