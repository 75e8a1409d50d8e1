"""Each kind of object and each attribute of it is seen, and nothing else changes with it."""

import re

import psycopg2
import pytest

from rig.catalog import Catalog
from rig.programs import SANITIZER, postgres_version

T = "CREATE TABLE t (a int, b text)"
P = ("CREATE TABLE p (a int, b text) PARTITION BY RANGE (a);"
     "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9)")
PKEY = P + "; ALTER TABLE p ADD PRIMARY KEY (a)"
V = T + "; CREATE VIEW v AS SELECT a, b FROM t"
M = T + "; CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t"
F = "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'"
TRIGGER = ("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
           + T + "; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf()")
PTRIGGER = ("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            + P + "; CREATE TRIGGER g AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION tf()")
ENUM = "CREATE TYPE e AS ENUM ('a', 'c')"
COMPOSITE = "CREATE TYPE c AS (x int, y text)"
DOMAIN = "CREATE DOMAIN d AS text"
RANGE = "CREATE TYPE r AS RANGE (subtype = float8)"
SERVER = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w"
FT = SERVER + "; CREATE FOREIGN TABLE ft (a int) SERVER s"
OPERATOR = ("CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql AS 'SELECT true';"
            "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = same)")
BASE = ("CREATE TYPE bt; CREATE FUNCTION bi(cstring) RETURNS bt LANGUAGE internal IMMUTABLE STRICT"
        " AS 'int4in'; CREATE FUNCTION bo(bt) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT"
        " AS 'int4out'; ")
TSC = "CREATE TEXT SEARCH CONFIGURATION tc (PARSER = \"default\")"
TSD = "CREATE TEXT SEARCH DICTIONARY td (TEMPLATE = simple)"
PUB = T + "; CREATE PUBLICATION pub FOR TABLE t"
SUB = ("CREATE SUBSCRIPTION sub CONNECTION 'dbname=nowhere' PUBLICATION x"
       " WITH (connect = false, slot_name = NONE)")
ET = ("CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
      "CREATE EVENT TRIGGER ev ON ddl_command_start EXECUTE FUNCTION ef()")
STATS = T + "; CREATE STATISTICS st ON a, b FROM t"
KEY = "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY, b int)"
FK = KEY + "; CREATE TABLE u (x int CONSTRAINT fk REFERENCES t)"
I = T + "; CREATE INDEX i ON t (a)"

CASES = [
    # (before, then, what differs[, the oldest version that knows it])
    ("", "CREATE SCHEMA s", {"+schema s"}),
    ("CREATE SCHEMA s", "ALTER SCHEMA s OWNER TO other", {"+owner schema s"}),
    ("CREATE SCHEMA s; ALTER SCHEMA s OWNER TO other", "ALTER SCHEMA s OWNER TO third",
     {"owner schema s: owner"}),
    ("CREATE SCHEMA s", "GRANT USAGE ON SCHEMA s TO other", {"+acl schema s"}),
    ("CREATE SCHEMA s", "COMMENT ON SCHEMA s IS 'x'", {"+comment schema s"}),
    ("CREATE SCHEMA s; COMMENT ON SCHEMA s IS 'x'", "COMMENT ON SCHEMA s IS 'y'",
     {"comment schema s: text"}),
    # Extensions.
    ("", "CREATE EXTENSION hstore", {"+extension hstore", "+comment extension hstore"}),
    ("CREATE EXTENSION hstore VERSION '1.4'", "ALTER EXTENSION hstore UPDATE TO '1.5'",
     {"extension hstore: version"}),
    ("CREATE SCHEMA s; CREATE EXTENSION hstore", "ALTER EXTENSION hstore SET SCHEMA s",
     {"extension hstore: schema"}),
    ("CREATE EXTENSION hstore; " + F, "ALTER FUNCTION f DEPENDS ON EXTENSION hstore",
     {"+extension dependency routine public.f(integer).hstore"}),
    ("CREATE EXTENSION hstore", "REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC",
     {"+acl routine public.hstore(text,text)"}),
    # Tables.
    (T, "DROP TABLE t", {"-table public.t", "-column table public.t.a", "-column table public.t.b"}),
    (T, "ALTER TABLE t SET UNLOGGED", {"table public.t: persistence"}),
    (T, "ALTER TABLE t SET (fillfactor = 70)", {"table public.t: options"}),
    (T, "ALTER TABLE t SET (toast.autovacuum_enabled = false, user_catalog_table = true)",
     {"+table options table public.t.toast", "+table options table public.t.user_catalog_table"}),
    (T, "ALTER TABLE t REPLICA IDENTITY FULL", {"table public.t: replica_identity"}),
    (KEY, "ALTER TABLE t REPLICA IDENTITY USING INDEX k",
     {"table public.t: replica_identity", "constraint table public.t.k: is_replica_identity"}),
    (T + "; ALTER TABLE t ALTER a SET NOT NULL; CREATE UNIQUE INDEX i ON t (a)",
     "ALTER TABLE t REPLICA IDENTITY USING INDEX i",
     {"table public.t: replica_identity", "index public.i: is_replica_identity"}),
    (I, "ALTER TABLE t CLUSTER ON i", {"index public.i: is_clustered"}),
    (KEY, "ALTER TABLE t CLUSTER ON k", {"constraint table public.t.k: is_clustered"}),
    (T, "ALTER TABLE t SET TABLESPACE place", {"table public.t: tablespace"}),
    (T + "; CREATE ACCESS METHOD h TYPE TABLE HANDLER heap_tableam_handler",
     "ALTER TABLE t SET ACCESS METHOD h", {"table public.t: access_method"}, 15),
    (COMPOSITE + "; CREATE TABLE o (x int, y text)", "ALTER TABLE o OF c", {"table public.o: of_type"}),
    (T, "ALTER TABLE t OWNER TO other", {"+owner table public.t"}),
    (T, "ALTER TABLE t ENABLE ROW LEVEL SECURITY", {"table public.t: row_security"}),
    (T, "ALTER TABLE t FORCE ROW LEVEL SECURITY", {"table public.t: force_row_security"}),
    (T, "COMMENT ON TABLE t IS 'x'", {"+comment table public.t"}),
    # Columns.
    (T, "ALTER TABLE t ADD c int", {"+column table public.t.c"}),
    (T, "ALTER TABLE t DROP a", {"-column table public.t.a"}),
    (T, "ALTER TABLE t ALTER a TYPE bigint", {"column table public.t.a: type"}),
    (T, "ALTER TABLE t ALTER b TYPE varchar(7)", {"column table public.t.b: type"}),
    (T, "ALTER TABLE t ALTER a SET NOT NULL", {"column table public.t.a: not_null"}),
    (T, "ALTER TABLE t ALTER a SET DEFAULT 3", {"+default column table public.t.a"}),
    (T + "; ALTER TABLE t ALTER a SET DEFAULT 3", "ALTER TABLE t ALTER a SET DEFAULT 4",
     {"default column table public.t.a: expression"}),
    (T, "ALTER TABLE t ALTER b TYPE text COLLATE \"C\"", {"column table public.t.b: collation"}),
    (T, "ALTER TABLE t ALTER b SET STORAGE external", {"column table public.t.b: storage"}),
    (T, "ALTER TABLE t ALTER b SET COMPRESSION pglz", {"column table public.t.b: compression"}, 14),
    (T, "ALTER TABLE t ALTER b SET STATISTICS 9", {"column table public.t.b: statistics"}),
    (T, "ALTER TABLE t ALTER b SET (n_distinct = 9)", {"column table public.t.b: n_distinct"}),
    (T, "ALTER TABLE t ALTER b SET (n_distinct_inherited = 9)",
     {"column table public.t.b: n_distinct_inherited"}),
    ("CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
     {"column table public.t.a: identity, identity_options, identity_sequence",
      "+identity sequence public.t.a"}),
    ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
     "ALTER TABLE t ALTER a SET GENERATED BY DEFAULT", {"column table public.t.a: identity"}),
    ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)", "ALTER TABLE t ALTER a SET INCREMENT 5",
     {"column table public.t.a: identity_options"}),
    ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
     "ALTER SEQUENCE t_a_seq SET UNLOGGED", {"column table public.t.a: identity_persistence"}, 15),
    ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)", "ALTER SEQUENCE t_a_seq RENAME TO z",
     {"column table public.t.a: identity_sequence", "identity sequence public.t.a: called"}),
    ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
     "GRANT USAGE ON SEQUENCE t_a_seq TO other; COMMENT ON SEQUENCE t_a_seq IS 'x'",
     {"+acl identity sequence public.t.a", "+comment identity sequence public.t.a"}),
    ("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED)",
     "ALTER TABLE t DROP g; ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 2) STORED",
     {"column table public.t.g: generated"}),
    ("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED)",
     "ALTER TABLE t ALTER g DROP EXPRESSION",
     {"column table public.t.g: generated, generated_kind"}),
    (T, "GRANT UPDATE (a) ON t TO other", {"+acl column table public.t.a"}),
    (T, "COMMENT ON COLUMN t.a IS 'x'", {"+comment column table public.t.a"}),
    # Keys, checks, exclusions.
    (T, "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)",
     {"+constraint table public.t.k", "column table public.t.a: not_null"}),
    (KEY, "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k PRIMARY KEY (a) INCLUDE (b)",
     {"constraint table public.t.k: definition"}),
    (T, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)", {"+constraint table public.t.k"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)",
     "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a)",
     {"constraint table public.t.k: definition"}, 15),
    (KEY, "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k PRIMARY KEY (a) DEFERRABLE",
     {"constraint table public.t.k: is_deferrable"}),
    (KEY, "ALTER INDEX k SET (fillfactor = 50)", {"constraint table public.t.k: index_options"}),
    (KEY, "ALTER INDEX k SET TABLESPACE place", {"constraint table public.t.k: index_tablespace"}),
    (KEY, "COMMENT ON INDEX k IS 'x'", {"constraint table public.t.k: index_comment"}),
    (KEY, "COMMENT ON CONSTRAINT k ON t IS 'x'", {"+comment constraint table public.t.k"}),
    (KEY, "ALTER TABLE t RENAME CONSTRAINT k TO l",
     {"-constraint table public.t.k", "+constraint table public.t.l"}),
    (T, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", {"+constraint table public.t.c"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
     "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 1)",
     {"constraint table public.t.c: definition"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
     "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0) NO INHERIT",
     {"constraint table public.t.c: definition"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
     "ALTER TABLE t VALIDATE CONSTRAINT c", {"constraint table public.t.c: is_valid"}),
    (T, "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (int4range(a, a) WITH &&)",
     {"+constraint table public.t.x"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (int4range(a, a) WITH &&)",
     "ALTER INDEX x SET (fillfactor = 50)", {"constraint table public.t.x: index_options"}),
    (T + "; ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (int4range(a, a) WITH &&)",
     "ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 7",
     {"constraint table public.t.x: index_statistics"}),
    # Foreign keys.
    (FK, "ALTER TABLE u DROP CONSTRAINT fk", {"-constraint table public.u.fk"}),
    (FK, "ALTER TABLE u DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES t"
         " ON DELETE CASCADE", {"constraint table public.u.fk: definition"}),
    (FK, "ALTER TABLE u DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES t"
         " MATCH FULL", {"constraint table public.u.fk: definition"}),
    (FK, "ALTER TABLE u ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED",
     {"constraint table public.u.fk: is_deferrable, is_deferred"}),
    (FK, "ALTER TABLE u DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES t"
         " NOT VALID", {"constraint table public.u.fk: is_valid"}),
    # Indexes.
    (T, "CREATE INDEX i ON t (a)", {"+index public.i"}),
    (FK, "ALTER TABLE t DISABLE TRIGGER ALL",
     {f'+key trigger "RI_FKey_noaction_{event}" of fk on public.u on public.t' for event in ("del", "upd")}),
    (P + "; CREATE INDEX pi ON ONLY p (b)", "ALTER TABLE p DETACH PARTITION p1",
     {"index public.pi: missing_on", "-partition public.p1", "column table public.p1.a: inherited",
      "column table public.p1.b: inherited"}),
    (P + "; CREATE INDEX pi ON ONLY p (b)", "CREATE INDEX p1i ON p1 (b); ALTER INDEX pi ATTACH PARTITION p1i",
     {"index public.pi: missing_on", "+partition index public.pi on public.p1"}),
    (P + "; ALTER TABLE ONLY p ADD CONSTRAINT pk UNIQUE (a)",
     "ALTER TABLE p1 ADD CONSTRAINT p1k UNIQUE (a); ALTER INDEX pk ATTACH PARTITION p1k",
     {"constraint table public.p.pk: missing_on", "+partition index public.pk on public.p1"}),
    (I, "DROP INDEX i; CREATE UNIQUE INDEX i ON t (a)", {"index public.i: is_unique"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t (b)", {"index public.i: definition"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t (a) WHERE a > 1", {"index public.i: definition"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t USING hash (a)", {"index public.i: definition"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t (a) INCLUDE (b)", {"index public.i: definition"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t (a DESC)", {"index public.i: definition"}),
    (I, "DROP INDEX i; CREATE INDEX i ON t (a NULLS FIRST)", {"index public.i: definition"}),
    (T + "; CREATE INDEX i ON t (b)", "DROP INDEX i; CREATE INDEX i ON t (b COLLATE \"C\")",
     {"index public.i: definition"}),
    (T + "; CREATE INDEX i ON t (b)", "DROP INDEX i; CREATE INDEX i ON t (b text_pattern_ops)",
     {"index public.i: definition"}),
    ("CREATE TABLE t (v tsvector); CREATE INDEX i ON t USING gist (v)",
     "DROP INDEX i; CREATE INDEX i ON t USING gist (v tsvector_ops (siglen = 100))",
     {"index public.i: definition"}),
    (I, "ALTER INDEX i SET (fillfactor = 50)", {"index public.i: options"}),
    (I, "ALTER INDEX i SET TABLESPACE place", {"index public.i: tablespace"}),
    (T + "; CREATE INDEX i ON t ((a + 1))", "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 7",
     {"index public.i: statistics"}),
    (I, "SET allow_system_table_mods = on; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass",
     {"index public.i: is_valid"}),
    (I, "COMMENT ON INDEX i IS 'x'", {"+comment index public.i"}),
    # Sequences.
    ("", "CREATE SEQUENCE s", {"+sequence public.s"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s AS int", {"sequence public.s: maximum, type"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s INCREMENT 2", {"sequence public.s: increment"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s START 2", {"sequence public.s: start"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s MINVALUE 0 MAXVALUE 9",
     {"sequence public.s: maximum, minimum"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s CACHE 2 CYCLE", {"sequence public.s: cache, is_cycled"}),
    ("CREATE SEQUENCE s", "ALTER SEQUENCE s SET UNLOGGED", {"sequence public.s: persistence"}, 15),
    (T + "; CREATE SEQUENCE s", "ALTER SEQUENCE s OWNED BY t.a",
     {"+sequence owner sequence public.s"}),
    (T + "; CREATE SEQUENCE s OWNED BY t.a", "ALTER SEQUENCE s OWNED BY t.b",
     {"sequence owner sequence public.s: column"}),
    ("CREATE SEQUENCE s", "GRANT USAGE ON SEQUENCE s TO other", {"+acl sequence public.s"}),
    ("CREATE SEQUENCE s", "COMMENT ON SEQUENCE s IS 'x'", {"+comment sequence public.s"}),
    ("CREATE TABLE t (a serial)",
     "DROP SEQUENCE t_a_seq CASCADE; ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
     {"-sequence public.t_a_seq", "-sequence owner sequence public.t_a_seq",
      "-default column table public.t.a", "+identity sequence public.t.a",
      "column table public.t.a: identity, identity_options, identity_sequence"}),
    # Types.
    ("", ENUM, {"+enum public.e"}),
    (ENUM, "ALTER TYPE e ADD VALUE 'b' BEFORE 'c'", {"enum public.e: labels"}),
    (ENUM, "ALTER TYPE e RENAME VALUE 'a' TO 'it''s, so'", {"enum public.e: labels"}),
    (ENUM, "ALTER TYPE e OWNER TO other", {"+owner enum public.e"}),
    (ENUM, "REVOKE USAGE ON TYPE e FROM PUBLIC", {"+acl enum public.e"}),
    (ENUM, "COMMENT ON TYPE e IS 'x'", {"+comment enum public.e"}),
    ("", DOMAIN, {"+domain public.d"}),
    (DOMAIN, "DROP DOMAIN d; CREATE DOMAIN d AS varchar(3)", {"domain public.d: type"}),
    (DOMAIN, "DROP DOMAIN d; CREATE DOMAIN d AS text COLLATE \"C\"", {"domain public.d: collation"}),
    (DOMAIN, "ALTER DOMAIN d SET NOT NULL", {"domain public.d: not_null"}),
    (DOMAIN, "ALTER DOMAIN d SET DEFAULT 'x'", {"domain public.d: default"}),
    (DOMAIN, "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 'a')",
     {"+domain constraint domain public.d.c"}),
    (DOMAIN + " CONSTRAINT c CHECK (VALUE > 'a')",
     "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 'b')",
     {"domain constraint domain public.d.c: definition"}),
    (DOMAIN + "; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 'a') NOT VALID",
     "ALTER DOMAIN d VALIDATE CONSTRAINT c", {"domain constraint domain public.d.c: is_valid"}),
    (DOMAIN + " CONSTRAINT c CHECK (VALUE > 'a')", "COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'",
     {"+comment domain constraint domain public.d.c"}),
    ("", COMPOSITE, {"+composite type public.c", "+composite attribute composite type public.c.x",
                     "+composite attribute composite type public.c.y"}),
    (COMPOSITE, "ALTER TYPE c ADD ATTRIBUTE z int",
     {"composite type public.c: attributes", "+composite attribute composite type public.c.z"}),
    (COMPOSITE, "ALTER TYPE c ALTER ATTRIBUTE x TYPE bigint",
     {"composite attribute composite type public.c.x: type"}),
    (COMPOSITE, "ALTER TYPE c ALTER ATTRIBUTE y TYPE text COLLATE \"C\"",
     {"composite attribute composite type public.c.y: collation"}),
    (COMPOSITE, "DROP TYPE c; CREATE TYPE c AS (y text, x int)",
     {"composite type public.c: attributes"}),
    (COMPOSITE, "COMMENT ON COLUMN c.x IS 'x'",
     {"+comment composite attribute composite type public.c.x"}),
    ("", RANGE, {"+range type public.r"}),
    (RANGE, "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = int4)",
     {"range type public.r: opclass, subtype"}),
    (RANGE, "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi)",
     {"range type public.r: subtype_diff"}),
    (RANGE, "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = float8, multirange_type_name = mr)",
     {"range type public.r: multirange"}, 14),
    ("CREATE TYPE r AS RANGE (subtype = text)",
     "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = text, collation = \"C\")",
     {"range type public.r: collation"}),
    ("CREATE TYPE r AS RANGE (subtype = text)",
     "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = text, subtype_opclass = text_pattern_ops)",
     {"range type public.r: opclass"}),
    ("", "CREATE TYPE sh", {"+shell type public.sh"}),
    (BASE, "CREATE TYPE bt (INPUT = bi, OUTPUT = bo, LIKE = int4)",
     {"-shell type public.bt", "+base type public.bt"}),
    (BASE + "CREATE TYPE bt (INPUT = bi, OUTPUT = bo, LIKE = int4)",
     "DROP TYPE bt CASCADE; " + BASE + "CREATE TYPE bt (INPUT = bi, OUTPUT = bo, LIKE = int4,"
     " CATEGORY = 'N', DELIMITER = ';', DEFAULT = '0')",
     {"base type public.bt: category, default, delimiter"}),
    # Routines.
    ("", F, {"+routine public.f(integer)"}),
    (F, "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
     {"routine public.f(integer): body"}),
    (F, "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS 'BEGIN END'",
     {"routine public.f(integer): body, language"}),
    (F, "CREATE OR REPLACE FUNCTION f(x int) RETURNS int LANGUAGE sql RETURN 1",
     {"routine public.f(integer): body, sql_body"}, 14),
    (F, "CREATE OR REPLACE FUNCTION f(x int DEFAULT 3) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     {"routine public.f(integer): arguments"}),
    (F, "DROP FUNCTION f; CREATE FUNCTION f(y int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     {"routine public.f(integer): arguments"}),
    (F, "DROP FUNCTION f; CREATE FUNCTION f(x int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'",
     {"routine public.f(integer): result, rows"}),
    (F, "DROP FUNCTION f; CREATE PROCEDURE f(x int) LANGUAGE sql AS 'SELECT 1'",
     {"routine public.f(integer): arguments, kind, result"}, 14),
    (F, "DROP FUNCTION f; CREATE FUNCTION f(x int) RETURNS int LANGUAGE internal WINDOW AS"
        " 'window_rank'", {"routine public.f(integer): body, cost, kind, language"}),
    (F, "ALTER FUNCTION f STABLE", {"routine public.f(integer): volatility"}),
    (F, "ALTER FUNCTION f STRICT", {"routine public.f(integer): is_strict"}),
    (F, "ALTER FUNCTION f SECURITY DEFINER", {"routine public.f(integer): is_security_definer"}),
    (F, "ALTER FUNCTION f LEAKPROOF", {"routine public.f(integer): is_leakproof"}),
    (F, "ALTER FUNCTION f PARALLEL SAFE", {"routine public.f(integer): parallel"}),
    (F, "ALTER FUNCTION f COST 9", {"routine public.f(integer): cost"}),
    ("CREATE FUNCTION f(x int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'", "ALTER FUNCTION f ROWS 9",
     {"routine public.f(integer): rows"}),
    (F, "ALTER FUNCTION f SUPPORT generate_series_int4_support",
     {"routine public.f(integer): support"}),
    (F, "ALTER FUNCTION f SET work_mem = '1MB'", {"routine public.f(integer): settings"}),
    ("CREATE EXTENSION hstore; CREATE TRANSFORM FOR hstore LANGUAGE plpgsql"
     " (FROM SQL WITH FUNCTION prsd_lextype(internal));"
     "CREATE FUNCTION f(x hstore) RETURNS int LANGUAGE plpgsql AS 'BEGIN END'",
     "CREATE OR REPLACE FUNCTION f(x hstore) RETURNS int TRANSFORM FOR TYPE hstore LANGUAGE plpgsql"
     " AS 'BEGIN END'", {"routine public.f(public.hstore): transforms"}),
    (F, "ALTER FUNCTION f OWNER TO other", {"+owner routine public.f(integer)"}),
    (F, "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC", {"+acl routine public.f(integer)"}),
    (F, "COMMENT ON FUNCTION f IS 'x'", {"+comment routine public.f(integer)"}),
    (F, "CREATE FUNCTION f(x text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     {"+routine public.f(text)"}),
    ("", "CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int)", {"+aggregate public.ag(integer)"}),
    ("CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int)",
     "CREATE OR REPLACE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int, INITCOND = '3')",
     {"aggregate public.ag(integer): definition"}),
    ("CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int)", "COMMENT ON AGGREGATE ag(int) IS 'x'",
     {"+comment aggregate public.ag(integer)"}),
    # Operators, casts, and the like.
    (OPERATOR, "DROP OPERATOR === (int, text)", {"-operator public.===(integer,text)"}),
    (OPERATOR, "ALTER OPERATOR === (int, text) SET (RESTRICT = eqsel, JOIN = eqjoinsel)",
     {"operator public.===(integer,text): join, restrict"}),
    (OPERATOR, "ALTER OPERATOR === (int, text) OWNER TO other",
     {"+owner operator public.===(integer,text)"}),
    (OPERATOR, "COMMENT ON OPERATOR === (int, text) IS 'x'",
     {"+comment operator public.===(integer,text)"}),
    ("", "CREATE OPERATOR FAMILY fam USING btree", {"+operator family public.fam USING btree"}),
    ("CREATE OPERATOR FAMILY fam USING btree",
     "ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int4, int8)",
     {"operator family public.fam USING btree: members"}),
    ("CREATE OPERATOR FAMILY fam USING btree",
     "CREATE OPERATOR CLASS cl FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 3 =,"
     " FUNCTION 1 btint4cmp(int4, int4)", {"+operator class public.cl USING btree"}),
    (ENUM + "; CREATE FUNCTION e2i(e) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "CREATE CAST (e AS int) WITH FUNCTION e2i(e)", {"+cast (public.e AS integer)"}),
    (ENUM + "; CREATE CAST (e AS int) WITH INOUT",
     "DROP CAST (e AS int); CREATE CAST (e AS int) WITH INOUT AS ASSIGNMENT",
     {"cast (public.e AS integer): context"}),
    ("CREATE EXTENSION hstore", "CREATE TRANSFORM FOR hstore LANGUAGE plpgsql"
                                " (FROM SQL WITH FUNCTION prsd_lextype(internal))",
     {"+transform FOR public.hstore LANGUAGE plpgsql"}),
    ("", "CREATE CONVERSION cv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
     {"+conversion public.cv"}),
    ("CREATE CONVERSION cv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
     "DROP CONVERSION cv; CREATE DEFAULT CONVERSION cv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
     {"conversion public.cv: is_default"}),
    ("", "CREATE LANGUAGE pl HANDLER plpgsql_call_handler", {"+language pl"}),
    ("CREATE LANGUAGE pl HANDLER plpgsql_call_handler",
     "CREATE OR REPLACE TRUSTED LANGUAGE pl HANDLER plpgsql_call_handler"
     " VALIDATOR plpgsql_validator", {"language pl: is_trusted, validator"}),
    ("", "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", {"+acl language plpgsql"}),
    ("", "CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler", {"+access method am"}),
    ("", "CREATE COLLATION co (PROVIDER = libc, LOCALE = 'C')", {"+collation public.co"}),
    ("CREATE COLLATION co (PROVIDER = icu, LOCALE = 'de')",
     "DROP COLLATION co; CREATE COLLATION co (PROVIDER = icu, LOCALE = 'en', DETERMINISTIC = false)",
     {"collation public.co: is_deterministic, locale"}),
    # Text search.
    ("", TSC, {"+text search configuration public.tc"}),
    (TSC, "ALTER TEXT SEARCH CONFIGURATION tc ADD MAPPING FOR word WITH simple",
     {"text search configuration public.tc: mappings"}),
    ("", TSD, {"+text search dictionary public.td"}),
    (TSD, "ALTER TEXT SEARCH DICTIONARY td (Accept = false)",
     {"text search dictionary public.td: options"}),
    (TSD, "ALTER TEXT SEARCH DICTIONARY td OWNER TO other",
     {"+owner text search dictionary public.td"}),
    ("", "CREATE TEXT SEARCH TEMPLATE tt (LEXIZE = dsimple_lexize)",
     {"+text search template public.tt"}),
    ("", "CREATE TEXT SEARCH PARSER tp (START = prsd_start, GETTOKEN = prsd_nexttoken,"
         " END = prsd_end, LEXTYPES = prsd_lextype)", {"+text search parser public.tp"}),
    # Views.
    (T, "CREATE VIEW v AS SELECT a FROM t", {"+view public.v", "+view column view public.v.a"}),
    (V, "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t WHERE a > 1", {"view public.v: definition"}),
    (V, "ALTER VIEW v SET (security_barrier, security_invoker)", {"view public.v: options"}, 15),
    (V, "CREATE OR REPLACE VIEW v WITH (check_option = cascaded) AS SELECT a, b FROM t",
     {"view public.v: options"}),
    (V, "ALTER VIEW v ALTER a SET DEFAULT 4", {"+default view column view public.v.a"}),
    (V, "COMMENT ON COLUMN v.a IS 'x'", {"+comment view column view public.v.a"}),
    (V, "GRANT SELECT (a) ON v TO other", {"+acl view column view public.v.a"}),
    (V, "ALTER VIEW v OWNER TO other", {"+owner view public.v"}),
    (V, "CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING", {"+rule view public.v.r"}),
    (M, "ALTER MATERIALIZED VIEW m SET (toast.autovacuum_enabled = false)",
     {"materialized view public.m: options"}),
    (M, "REFRESH MATERIALIZED VIEW m WITH NO DATA", {"materialized view public.m: is_populated"}),
    (M, "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t WHERE a > 1",
     {"materialized view public.m: definition"}),
    (M, "ALTER MATERIALIZED VIEW m SET (fillfactor = 50)", {"materialized view public.m: options"}),
    (M, "ALTER MATERIALIZED VIEW m SET TABLESPACE place", {"materialized view public.m: tablespace"}),
    (M, "CREATE INDEX i ON m (a)", {"+index public.i"}),
    (M + "; CREATE INDEX i ON m (a)", "ALTER MATERIALIZED VIEW m CLUSTER ON i",
     {"index public.i: is_clustered"}),
    (M, "ALTER MATERIALIZED VIEW m ALTER b SET STORAGE plain",
     {"view column materialized view public.m.b: storage"}),
    (M, "ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 7",
     {"view column materialized view public.m.b: statistics"}),
    # Rules, triggers, policies.
    (T, "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", {"+rule table public.t.r"}),
    (T + "; CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", "ALTER TABLE t DISABLE RULE r",
     {"rule table public.t.r: enabled"}),
    (TRIGGER, "DROP TRIGGER g ON t", {"-trigger table public.t.g"}),
    (TRIGGER, "CREATE OR REPLACE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW"
              " WHEN (OLD.a > 1) EXECUTE FUNCTION tf()", {"trigger table public.t.g: definition"}, 14),
    (TRIGGER, "ALTER TABLE t ENABLE ALWAYS TRIGGER g", {"trigger table public.t.g: enabled"}),
    (TRIGGER, "ALTER TABLE t DISABLE TRIGGER g", {"trigger table public.t.g: enabled"}),
    (TRIGGER, "COMMENT ON TRIGGER g ON t IS 'x'", {"+comment trigger table public.t.g"}),
    (T, "CREATE POLICY p ON t USING (a > 1)", {"+policy table public.t.p"}),
    (T + "; CREATE POLICY p ON t USING (a > 1)",
     "ALTER POLICY p ON t TO other USING (a > 2) WITH CHECK (a > 3)",
     {"policy table public.t.p: check, roles, using"}),
    (T + "; CREATE POLICY p ON t", "DROP POLICY p ON t; CREATE POLICY p ON t AS RESTRICTIVE FOR DELETE",
     {"policy table public.t.p: command, is_permissive"}),
    (T + "; CREATE POLICY p ON t", "COMMENT ON POLICY p ON t IS 'x'", {"+comment policy table public.t.p"}),
    (ET, "DROP EVENT TRIGGER ev", {"-event trigger ev"}),
    (ET, "DROP EVENT TRIGGER ev; CREATE EVENT TRIGGER ev ON ddl_command_end"
         " WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION ef()", {"event trigger ev: event, tags"}),
    (ET, "ALTER EVENT TRIGGER ev DISABLE", {"event trigger ev: enabled"}),
    # Partitions and inheritance.
    (P, "CREATE TABLE p2 PARTITION OF p DEFAULT",
     {"+table public.p2", "+column table public.p2.a", "+column table public.p2.b",
      "+partition public.p2"}),
    (P, "ALTER TABLE p DETACH PARTITION p1",
     {"-partition public.p1", "column table public.p1.a: inherited",
      "column table public.p1.b: inherited"}),
    (P, "ALTER TABLE p DETACH PARTITION p1;"
        "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (9)",
     {"partition public.p1: bound"}),
    (P, "DROP TABLE p; CREATE TABLE p (a int, b text) PARTITION BY LIST (a);"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
     {"table public.p: partition_key", "partition public.p1: bound"}),
    (P, "ALTER TABLE p1 ALTER b SET DEFAULT 'x'", {"+default column table public.p1.b"}),
    (P, "ALTER TABLE p1 ALTER b SET NOT NULL", {"column table public.p1.b: not_null"}),
    (P, "CREATE INDEX i ON p1 (b)", {"+index public.i"}),
    (P, "CREATE INDEX i ON p (b)", {"+index public.i", "+partition index public.i on public.p1"}),
    (P, "CREATE INDEX i ON ONLY p (b)", {"+index public.i"}),
    (P, "ALTER TABLE p ADD CONSTRAINT k PRIMARY KEY (a)",
     {"+constraint table public.p.k", "+partition index public.k on public.p1",
      "column table public.p.a: not_null", "column table public.p1.a: not_null"}),
    (P, "ALTER TABLE p ADD CONSTRAINT c CHECK (a > 1)", {"+constraint table public.p.c"}),
    (P, "ALTER TABLE p1 ADD CONSTRAINT c CHECK (a > 1)", {"+constraint table public.p1.c"}),
    (PTRIGGER, "ALTER TABLE p1 DISABLE TRIGGER g", {"+trigger state table public.p1.g"}),
    (PTRIGGER, "ALTER TABLE p DISABLE TRIGGER g",
     {"trigger table public.p.g: enabled"}),
    (PKEY, "ALTER INDEX p1_pkey SET (fillfactor = 50)", {"partition index public.p_pkey on public.p1: options"}),
    (PKEY, "COMMENT ON INDEX p1_pkey IS 'x'", {"partition index public.p_pkey on public.p1: comment"}),
    (PKEY, "ALTER TABLE p1 CLUSTER ON p1_pkey", {"partition index public.p_pkey on public.p1: is_clustered"}),
    (PKEY + "; ALTER TABLE p1 CLUSTER ON p1_pkey", "ALTER INDEX p1_pkey SET TABLESPACE place",
     {"partition index public.p_pkey on public.p1: tablespace"}),
    (PKEY, "ALTER TABLE p1 REPLICA IDENTITY USING INDEX p1_pkey",
     {"partition index public.p_pkey on public.p1: is_replica_identity", "table public.p1: replica_identity"}),
    (P + "; CREATE INDEX i ON p ((a + 1))", "ALTER INDEX p1_expr_idx ALTER COLUMN 1 SET STATISTICS 7",
     {"partition index public.i on public.p1: statistics"}),
    (T + "; CREATE TABLE c (a int, b text)", "ALTER TABLE c INHERIT t",
     {"+inheritance public.c", "column table public.c.a: inherited", "column table public.c.b: inherited"}),
    (T + "; CREATE TABLE c () INHERITS (t); CREATE TABLE d () INHERITS (t)",
     "DROP TABLE c; CREATE TABLE c (a int) INHERITS (t); ALTER TABLE d NO INHERIT t, INHERIT c",
     {"inheritance public.d: parents", "column table public.c.a: inherited",
      "column table public.d.a: inherited", "column table public.d.b: inherited"}),
    # Foreign data.
    ("", "CREATE FOREIGN DATA WRAPPER w", {"+foreign data wrapper w"}),
    (SERVER, "ALTER FOREIGN DATA WRAPPER w OPTIONS (debug 'it''s')",
     {"foreign data wrapper w: options"}),
    (SERVER, "ALTER SERVER s VERSION '2' OPTIONS (host 'h')", {"server s: options, version"}),
    (SERVER, "GRANT USAGE ON FOREIGN SERVER s TO other", {"+acl server s"}),
    (SERVER, "GRANT USAGE ON FOREIGN DATA WRAPPER w TO other", {"+acl foreign data wrapper w"}),
    (SERVER, "CREATE USER MAPPING FOR PUBLIC SERVER s", {"+user mapping server s.PUBLIC"}),
    (SERVER + "; CREATE USER MAPPING FOR other SERVER s",
     "ALTER USER MAPPING FOR other SERVER s OPTIONS (who 'x')",
     {"user mapping server s.other: options"}),
    (FT, "ALTER FOREIGN TABLE ft OPTIONS (x 'y')", {"foreign table public.ft: options"}),
    (FT, "ALTER FOREIGN TABLE ft ALTER a OPTIONS (x 'y')",
     {"column foreign table public.ft.a: options"}),
    (FT, "ALTER FOREIGN TABLE ft ADD CONSTRAINT c CHECK (a > 1)",
     {"+constraint foreign table public.ft.c"}),
    # Publications, subscriptions.
    (T, "CREATE PUBLICATION pub", {"+publication pub"}),
    (PUB, "ALTER PUBLICATION pub SET (publish = 'insert', publish_via_partition_root)",
     {"publication pub: operations, via_root"}),
    (PUB, "DROP PUBLICATION pub; CREATE PUBLICATION pub FOR ALL TABLES",
     {"publication pub: all_tables", "-publication table publication pub.public.t"}),
    (PUB, "ALTER PUBLICATION pub SET TABLE t (a) WHERE (a > 1)",
     {"publication table publication pub.public.t: columns, filter"}, 15),
    (PUB, "ALTER PUBLICATION pub ADD TABLES IN SCHEMA public",
     {"+publication schema publication pub.public"}, 15),
    (SUB, "ALTER SUBSCRIPTION sub SET PUBLICATION x, y WITH (refresh = false)",
     {"subscription sub: publications"}),
    (SUB, "ALTER SUBSCRIPTION sub SET (binary = true)", {"subscription sub: options"}, 14),
    (SUB, "ALTER SUBSCRIPTION sub CONNECTION 'dbname=elsewhere'", set()),
    # Statistics, security, default privileges.
    (T, "CREATE STATISTICS st ON a, b FROM t", {"+statistics public.st"}),
    (STATS, "DROP STATISTICS st; CREATE STATISTICS st (mcv) ON a, b FROM t",
     {"statistics public.st: definition"}),
    (STATS, "ALTER STATISTICS st SET STATISTICS 7", {"statistics public.st: target"}),
    (STATS, "COMMENT ON STATISTICS st IS 'x'", {"+comment statistics public.st"}),
    ("", "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO other",
     {"+default privileges FOR ROLE CURRENT_USER IN SCHEMA public ON TABLES"}),
    ("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
     "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO other",
     {"default privileges FOR ROLE CURRENT_USER ON ROUTINES: grants"}),
    ("", "ALTER DEFAULT PRIVILEGES FOR ROLE other GRANT USAGE ON TYPES TO third",
     {"+default privileges FOR ROLE other ON TYPES"}),
    # Labels need a provider, which is a library of its own: the row is made by hand.
    (T, "SET allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES"
        " ('t'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret')",
     {"+security label table public.t.dummy"}),
    # Constraints as they are in newer servers.
    (T + "; ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO n",
     {"column table public.t.a: not_null_name"}, 18),
    (T + "; ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT n",
     {"column table public.t.a: not_null_not_valid"}, 18),
    (T + "; ALTER TABLE t ADD CONSTRAINT n NOT NULL a", "ALTER TABLE t ALTER CONSTRAINT n NO INHERIT",
     {"column table public.t.a: not_null_no_inherit"}, 18),
    (T + "; ALTER TABLE t ADD CONSTRAINT n NOT NULL a", "COMMENT ON CONSTRAINT n ON t IS 'c'",
     {"column table public.t.a: not_null_comment"}, 18),
    (T + "; ALTER TABLE t ALTER a SET NOT NULL; CREATE TABLE c () INHERITS (t)",
     "ALTER TABLE c ALTER a SET NOT NULL", {"column table public.c.a: not_null_inherited"}, 18),
    (T + "; ALTER TABLE t ADD CHECK (a > 1)",
     "ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CHECK (a > 1) NOT ENFORCED",
     {"constraint table public.t.t_a_check: definition"}, 18),
    (DOMAIN + " NOT NULL", "ALTER DOMAIN d RENAME CONSTRAINT d_not_null TO n",
     {"domain public.d: not_null_name"}, 17),
    (DOMAIN + " NOT NULL", "COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'c'",
     {"domain public.d: not_null_comment"}, 17),
    ("CREATE PUBLICATION pub", "ALTER PUBLICATION pub SET (publish_generated_columns = stored)",
     {"publication pub: generated_columns"}, 18),
    # Privileges.
    (T, "GRANT SELECT ON t TO other", {"+acl table public.t"}),
    (T + "; GRANT SELECT ON t TO other", "GRANT SELECT ON t TO other WITH GRANT OPTION",
     {"acl table public.t: grants"}),
    (T + "; GRANT SELECT ON t TO other", "REVOKE INSERT ON t FROM CURRENT_USER",
     {"acl table public.t: revokes"}),
    (T, "GRANT SELECT ON t TO other; REVOKE SELECT ON t FROM other", set()),
    (T + "; GRANT SELECT ON t TO other", "REVOKE SELECT ON t FROM other", {"-acl table public.t"}),
]


class Place:
    """One database for all cases, emptied after each: a role that owns everything loses it."""

    def __init__(self, database):
        self.conninfo = database.conninfo.replace("user=postgres", "user=tester")

    def run(self, sql):
        connection = psycopg2.connect(self.conninfo)
        connection.autocommit = True
        connection.cursor().execute(sql)
        connection.close()

    def empty(self):
        self.run("DROP SUBSCRIPTION IF EXISTS sub")
        for role in ("other", "third", "tester"):  # all at once fails over default privileges
            self.run(f"DROP OWNED BY {role} CASCADE")
        self.run("DROP ACCESS METHOD IF EXISTS h; DROP ACCESS METHOD IF EXISTS am;"
                 "DROP TEXT SEARCH TEMPLATE IF EXISTS tt; DROP TEXT SEARCH PARSER IF EXISTS tp;"
                 "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")


@pytest.fixture(name="place", scope="module")
def _place(cluster):
    database = cluster.new_database()
    database.run("CREATE ROLE tester SUPERUSER LOGIN; CREATE ROLE other; CREATE ROLE third")
    connection = database.connect(options="-c allow_in_place_tablespaces=on")
    connection.cursor().execute("CREATE TABLESPACE place LOCATION ''")
    connection.close()
    return Place(database)


@pytest.fixture(name="nothing", scope="module")
def _nothing(place):
    return Catalog(place.conninfo)


def cases():
    """The reader is one program: under a sanitizer, which is slow, some will do."""
    possible = [case[:3] for case in CASES if postgres_version() >= max(case[3:], default=0)]
    return possible[::5] if SANITIZER else possible


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[1][:70])
def test_what_changes_is_seen(place, nothing, case):
    before, change, expected = case
    old = nothing
    try:
        if before:
            place.run(before)
            old = Catalog(place.conninfo)
        place.run(change)
        new = Catalog(place.conninfo)
    finally:
        place.empty()
    # Of a domain from version 17 on, of a column from 18 on, it has a name, or comes from a parent.
    found = {re.sub("not_null, not_null_(name|inherited)", "not_null", item)
             for item in old.differences(new)}
    assert found == expected
    assert not new.unmodelled


def test_each_case_left_nothing_behind(place, nothing):
    assert not nothing.differences(Catalog(place.conninfo))


@pytest.mark.skipif(postgres_version() < 18, reason="needs PostgreSQL 18, where NOT NULL is a constraint")
def test_what_is_not_modelled_of_not_null_is_counted(place):
    try:
        place.run(T + "; ALTER TABLE t ALTER a SET NOT NULL; CREATE TABLE c () INHERITS (t);"
                  "COMMENT ON CONSTRAINT t_a_not_null ON c IS 'c'")
        assert list(Catalog(place.conninfo).unmodelled.values()) == [1]
    finally:
        place.empty()
