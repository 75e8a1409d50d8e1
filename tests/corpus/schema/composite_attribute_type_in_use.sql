-- old:
CREATE TYPE c AS (a integer, b text, gone date);
CREATE DOMAIN d AS c CHECK ((VALUE).a > 0); CREATE TYPE o AS (x c, y integer, l d[]); COMMENT ON TYPE c IS 'c'; COMMENT ON COLUMN c.a IS 'a';
CREATE FUNCTION f(c) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (id integer PRIMARY KEY, x c, l c[], d d NOT NULL, o o, CHECK ((x).a > 0), CHECK (f(x) > 0), UNIQUE (x));
CREATE INDEX t_a ON t (((x).a)); CREATE VIEW v AS SELECT (x).a, l FROM t; CREATE POLICY p ON t USING ((x).b = 'b');
CREATE TABLE p (id integer, x c) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
CREATE TABLE i (x c); CREATE TABLE j () INHERITS (i);
CREATE TYPE e AS ENUM ('x'); CREATE TYPE er AS RANGE (SUBTYPE = e); CREATE TYPE k AS (x integer); CREATE TYPE g AS (a er, l e[], k k); CREATE TABLE u (g g);
-- new:
CREATE TYPE c AS (b text, n date, a bigint);
CREATE DOMAIN d AS c CHECK ((VALUE).a > 0); CREATE TYPE o AS (x c, y integer, l d[]); COMMENT ON TYPE c IS 'c'; COMMENT ON COLUMN c.a IS 'a';
CREATE FUNCTION f(c) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (id integer PRIMARY KEY, x c, l c[], d d NOT NULL, o o, CHECK ((x).a > 0), CHECK (f(x) > 0), UNIQUE (x));
CREATE INDEX t_a ON t (((x).a)); CREATE VIEW v AS SELECT (x).a, l FROM t; CREATE POLICY p ON t USING ((x).b = 'b');
CREATE TABLE p (id integer, x c) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
CREATE TABLE i (x c); CREATE TABLE j () INHERITS (i);
CREATE TYPE e AS ENUM ('w', 'x'); CREATE TYPE k AS (x integer, y text); CREATE TYPE g AS (a text, l e[], k k); CREATE TABLE u (g g);
