-- old:
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
COMMENT ON CONSTRAINT d_check ON DOMAIN d IS 'c'; CREATE DOMAIN e AS d NOT NULL DEFAULT 5; CREATE DOMAIN m AS d[]; CREATE TYPE c AS (x d);
CREATE TABLE t (a d DEFAULT 1, l d[], e e, m m, c c); CREATE VIEW v AS SELECT a, e FROM t; CREATE INDEX t_e ON t (e);
-- Its only column has another type from then on.
CREATE DOMAIN left_alone AS integer; CREATE TABLE leaves (a left_alone);
-- new:
CREATE DOMAIN d AS bigint CHECK (VALUE > 0);
COMMENT ON CONSTRAINT d_check ON DOMAIN d IS 'c'; CREATE DOMAIN e AS d NOT NULL DEFAULT 5; CREATE DOMAIN m AS d[]; CREATE TYPE c AS (x d);
CREATE TABLE t (a d DEFAULT 1, l d[], e e, m m, c c); CREATE VIEW v AS SELECT a, e FROM t; CREATE INDEX t_e ON t (e);
CREATE DOMAIN left_alone AS bigint; CREATE TABLE leaves (a text);
