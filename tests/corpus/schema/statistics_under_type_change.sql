-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);CREATE STATISTICS s (dependencies) ON a, b FROM t;
-- old:
-- new:
ALTER TABLE t ALTER b TYPE bigint;
