-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- new:
CREATE VIEW a1 AS SELECT a FROM t; CREATE VIEW z0 AS SELECT a FROM a1; CREATE VIEW a0 AS SELECT a FROM z0;
