-- old:
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED);
-- new:
CREATE TABLE t (a integer, b integer);
