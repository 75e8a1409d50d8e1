-- since 14
-- both:
CREATE TABLE t (a integer, b integer, c text);
-- old:
CREATE STATISTICS s (ndistinct) ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 7;
-- new:
CREATE STATISTICS s (mcv, dependencies) ON a, (b + 1), c FROM t; ALTER STATISTICS s SET STATISTICS 9; COMMENT ON STATISTICS s IS 's';
