-- since 15
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE UNIQUE INDEX i ON t (b);
-- new:
CREATE UNIQUE INDEX i ON t (b) NULLS NOT DISTINCT;
