-- old:
CREATE TYPE c AS (a integer, b text); CREATE TABLE t OF c (PRIMARY KEY (a), b DEFAULT 'x'); CREATE INDEX t_b ON t (b);
CREATE TABLE u (x c); CREATE TABLE h (z integer) INHERITS (t); CREATE VIEW v AS SELECT a, b FROM t; COMMENT ON COLUMN t.a IS 'a';
-- new:
CREATE TYPE c AS (b text, a bigint); CREATE TABLE t OF c (PRIMARY KEY (a), b DEFAULT 'y'); CREATE INDEX t_b ON t (b);
CREATE TABLE u (x c); CREATE TABLE h (z integer) INHERITS (t); CREATE VIEW v AS SELECT a, b FROM t; COMMENT ON COLUMN t.a IS 'a';
