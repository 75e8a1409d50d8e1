-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE DOMAIN w AS e[]; CREATE TYPE o AS (x e, y integer);
CREATE TABLE t (a e DEFAULT 'a', l e[] NOT NULL, r r, d d, w w, o o, UNIQUE (a)); CREATE INDEX t_d ON t (d); CREATE VIEW v AS SELECT a, r FROM t; COMMENT ON COLUMN t.a IS 'a';
CREATE TABLE p (id integer, a e) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
-- new:
CREATE DOMAIN e AS text CHECK (VALUE IN ('a', 'b')); CREATE TYPE r AS (a integer); CREATE TYPE d AS ENUM ('x');
CREATE DOMAIN w AS e[]; CREATE TYPE o AS (x e, y integer);
CREATE TABLE t (a e DEFAULT 'a', l e[] NOT NULL, r r, d d, w w, o o, UNIQUE (a)); CREATE INDEX t_d ON t (d); CREATE VIEW v AS SELECT a, r FROM t; COMMENT ON COLUMN t.a IS 'a';
CREATE TABLE p (id integer, a e) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
