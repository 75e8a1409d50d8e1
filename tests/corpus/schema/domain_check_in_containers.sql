-- old:
CREATE DOMAIN d AS integer; CREATE DOMAIN n AS integer; CREATE DOMAIN k AS integer; ALTER DOMAIN k ADD CHECK (VALUE > 0) NOT VALID;
CREATE TYPE c AS (x n); CREATE DOMAIN dd AS d; CREATE TABLE t (a d, l d[], dd dd, ll dd[], x c, k k DEFAULT 1, m k[]);
CREATE INDEX t_l ON t (l); CREATE VIEW v AS SELECT l, (x).x FROM t;
-- new:
CREATE DOMAIN d AS integer CHECK (VALUE > 0); CREATE DOMAIN n AS integer NOT NULL; CREATE DOMAIN k AS integer CHECK (VALUE > 0);
CREATE TYPE c AS (x n); CREATE DOMAIN dd AS d; CREATE TABLE t (a d, l d[], dd dd, ll dd[], x c, k k DEFAULT 1, m k[]);
CREATE INDEX t_l ON t (l); CREATE VIEW v AS SELECT l, (x).x FROM t;
