-- old:
CREATE TABLE t (a integer);
-- new:
CREATE UNLOGGED TABLE t (a integer);
