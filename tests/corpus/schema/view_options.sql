-- since 15
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v WITH (security_barrier, security_invoker) AS SELECT a FROM t WITH LOCAL CHECK OPTION;
