-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE STATISTICS s (dependencies) ON a, b FROM t;
-- new:
CREATE STATISTICS s (ndistinct, mcv) ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 300; COMMENT ON STATISTICS s IS 's';
