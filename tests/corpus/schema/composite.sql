-- old:
-- new:
CREATE TYPE c AS (a integer, b text COLLATE "C"); CREATE TABLE t (x c); COMMENT ON TYPE c IS 'c'; COMMENT ON COLUMN c.b IS 'b';
