-- since 14
-- both:
CREATE SCHEMA "a b"; CREATE SCHEMA e; CREATE EXTENSION citext SCHEMA "a b"; CREATE EXTENSION hstore SCHEMA "a b";
CREATE TABLE t (a "a b".citext DEFAULT 'x'::"a b".citext CHECK (a <> 'a b.citext'), b "a b".citext[], c "a b".hstore,
                d text GENERATED ALWAYS AS ('x') STORED, UNIQUE (a));
CREATE INDEX t_c ON t USING gin (c "a b".gin_hstore_ops); CREATE INDEX t_p ON t (d) WHERE c OPERATOR("a b".?) 'k';
CREATE TYPE p AS (a "a b".citext); CREATE DOMAIN o AS "a b".citext CHECK ("a b".citext_larger(VALUE, 'a') = VALUE);
CREATE VIEW v AS SELECT a, c OPERATOR("a b".->) 'k' AS k FROM t;
CREATE MATERIALIZED VIEW m AS SELECT "a b".hstore(a::text, d) AS h FROM t;
CREATE FUNCTION f() RETURNS "a b".citext LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
CREATE FUNCTION g() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY y ON t USING (a = 'x'::"a b".citext);
-- old:
CREATE FUNCTION u(a "a b".citext) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- new:
ALTER EXTENSION citext SET SCHEMA e; ALTER EXTENSION hstore SET SCHEMA e;
CREATE OR REPLACE FUNCTION g() RETURNS text LANGUAGE sql AS 'SELECT a::text FROM e.citext(''a'') AS a';
