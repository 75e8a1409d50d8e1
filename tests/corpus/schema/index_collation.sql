-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t (a COLLATE "C");
