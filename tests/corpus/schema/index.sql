-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE UNIQUE INDEX i ON t (a) WHERE b > 0;
