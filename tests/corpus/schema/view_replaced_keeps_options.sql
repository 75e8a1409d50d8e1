-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t;
-- new:
CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t WHERE b > 1;
