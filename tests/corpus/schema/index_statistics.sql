-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (lower(a), (b + 1));
-- new:
CREATE INDEX i ON t (lower(a), (b + 1)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 300;
