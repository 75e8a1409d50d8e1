-- since 14
-- old:
CREATE TABLE t (a text, b integer);
-- new:
CREATE TABLE t (a text COMPRESSION pglz, b integer); ALTER TABLE t ALTER a SET STORAGE EXTERNAL; ALTER TABLE t ALTER b SET STATISTICS 500; ALTER TABLE t ALTER b SET (n_distinct = 7, n_distinct_inherited = -0.5);
