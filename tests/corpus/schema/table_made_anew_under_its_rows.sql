-- since 14
-- old:
CREATE TABLE p (a integer, b text, c integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE u (x p[], y p1, z integer, w p1[]); CREATE VIEW v AS SELECT (y).a, x FROM u;
CREATE TABLE q (a integer, b text); CREATE DOMAIN d AS q CHECK ((VALUE).a > 0); CREATE TYPE c AS (r q, n integer); CREATE TABLE t (x d, y c[], z q DEFAULT ROW(1, 'x')::q); CREATE FUNCTION f(q) RETURNS c LANGUAGE sql AS 'SELECT NULL::c'; CREATE VIEW w AS SELECT f(z) AS f FROM t;
CREATE TABLE r (a integer, b text); CREATE TABLE h (c integer) INHERITS (r); CREATE TABLE m (id serial PRIMARY KEY, x h, y r[] DEFAULT '{}', CHECK ((y[1]).a > 0)); CREATE INDEX m_i ON m (((x).b)); ALTER TABLE m ENABLE ROW LEVEL SECURITY; CREATE POLICY l ON m USING ((x).a > 1);
CREATE MATERIALIZED VIEW n AS SELECT x, y FROM m; CREATE FUNCTION g(h) RETURNS h LANGUAGE sql BEGIN ATOMIC SELECT $1; END; COMMENT ON COLUMN m.x IS 'x'; CREATE TABLE k (f integer REFERENCES m);
-- new:
CREATE TABLE p (d integer, b text, a bigint) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE u (x p[], y p1, z integer, w p1[]); CREATE VIEW v AS SELECT (y).a, x FROM u;
CREATE TABLE q (a bigint, b text); CREATE DOMAIN d AS q CHECK ((VALUE).a > 0); CREATE TYPE c AS (r q, n integer); CREATE TABLE t (x d, y c[], z q DEFAULT ROW(1, 'x')::q); CREATE FUNCTION f(q) RETURNS c LANGUAGE sql AS 'SELECT NULL::c'; CREATE VIEW w AS SELECT f(z) AS f FROM t;
CREATE TABLE r (b text, a bigint, d float DEFAULT random()); CREATE TABLE h (c integer) INHERITS (r); CREATE TABLE m (id serial PRIMARY KEY, x h, y r[] DEFAULT '{}', CHECK ((y[1]).a > 0)); CREATE INDEX m_i ON m (((x).b)); ALTER TABLE m ENABLE ROW LEVEL SECURITY; CREATE POLICY l ON m USING ((x).a > 1);
CREATE MATERIALIZED VIEW n AS SELECT x, y FROM m; CREATE FUNCTION g(h) RETURNS h LANGUAGE sql BEGIN ATOMIC SELECT $1; END; COMMENT ON COLUMN m.x IS 'x'; CREATE TABLE k (f integer REFERENCES m);
