"""Labels of a provider, which has to be a module of the server: none comes with PostgreSQL that
needs no special kernel, so a small one is built here, from the declarations that it needs."""

import subprocess

import pytest

from rig.places import new_folder
from rig.programs import postgres_version
from rig.schema_judge import dump, lead, make

VERSION = postgres_version()
MODULE = """
struct object;
static const struct {int length, version, arguments, keys, name, by_value; char abi[32];} magic = {
    sizeof(magic), VERSION * 100, 100, 32, 64, 1, "PostgreSQL"};
extern void register_label_provider(const char *name, void (*check)(const struct object *, const char *));
const void *Pg_magic_func(void) {return &magic;}
static void check(const struct object *object, const char *label) {(void)object; (void)label;}
void _PG_init(void) {register_label_provider("a provider", check);}
"""
THINGS = """CREATE SCHEMA s; CREATE TABLE s."T t" (a integer, "B b" text, c integer);
CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE SEQUENCE q;
CREATE FUNCTION f(integer, VARIADIC text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(OUT integer) LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE g(integer) (SFUNC = int4pl, STYPE = integer);
CREATE DOMAIN d AS integer; CREATE TYPE e AS ENUM ('a'); CREATE TYPE k AS (a integer); CREATE PUBLICATION pub;
CREATE FUNCTION h() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION h();
"""
LABELLED = ("SCHEMA s", 'TABLE s."T t"', 'COLUMN s."T t"."B b"', "VIEW v", "COLUMN v.a", "MATERIALIZED VIEW m",
            "SEQUENCE q", "FUNCTION f(integer, text[])", "PROCEDURE p(integer)", "AGGREGATE g(integer)", "DOMAIN d",
            "TYPE e", "TYPE k", "PUBLICATION pub", "EVENT TRIGGER ev")

FITS = pytest.mark.skipif(not 15 <= VERSION <= 17,
                          reason="needs PostgreSQL 15 to 17, whose form of modules is built here")


@pytest.fixture(name="made")
def _made(cluster):
    """Makes databases whose sessions have the provider."""
    folder = new_folder("woven-label-")
    (folder / "label.c").write_text(MODULE)
    subprocess.run(["cc", "-shared", "-fPIC", f"-DVERSION={VERSION}", "-o", folder / "label.so", folder / "label.c"],
                   check=True)
    (folder / "label.so").chmod(0o755)

    def made(things, label):
        database = make(cluster, "")
        database.run(f"ALTER DATABASE {database.name} SET session_preload_libraries = '{folder / 'label.so'}'")
        database.run(things)
        for thing in LABELLED if label else ():
            database.run(f"SECURITY LABEL FOR \"a provider\" ON {thing} IS '{label}'")
        return database

    yield made
    subprocess.run(["rm", "-r", folder], check=True)


@FITS
@pytest.mark.parametrize("mode", ["online", "plain"])
@pytest.mark.parametrize("old, new", [("", "it''s one"), ("one", "two"), ("one", "")])
def test_labels_come_change_and_go(made, mode, old, new):
    work, target = made(THINGS, old), made(THINGS, new)
    assert sum("SECURITY LABEL" in item for item in dump(target)) == (len(LABELLED) if new else 0)
    lead(work, target, mode)


@FITS
def test_what_is_made_anew_keeps_its_labels(made):
    """A view with another column, a function with another result."""
    things = THINGS.replace("VIEW v AS SELECT 1 AS a", "VIEW v AS SELECT 1 AS z, 2 AS a").replace(
        "text[]) RETURNS integer", "text[]) RETURNS bigint")
    lead(made(THINGS, "kept"), made(things, "kept"))
