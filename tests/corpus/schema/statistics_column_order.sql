-- since 14
-- old:
CREATE TABLE t (a integer, b integer, c integer); CREATE STATISTICS s ON a, b FROM t; CREATE STATISTICS q (mcv) ON c, b, (a + 1) FROM t; CREATE STATISTICS e ON (a * 2) FROM t;
-- new:
CREATE TABLE t (b integer, c integer, a integer, d integer); CREATE STATISTICS s ON b, a FROM t; CREATE STATISTICS q (mcv) ON b, (a + 1), c FROM t; CREATE STATISTICS e ON (a * 2) FROM t; CREATE STATISTICS g ON d, c FROM t;
