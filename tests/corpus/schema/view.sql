-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v AS SELECT a, b FROM t WHERE b > 0;
