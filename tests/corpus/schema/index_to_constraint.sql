-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE UNIQUE INDEX i ON t (b);
-- new:
ALTER TABLE t ADD CONSTRAINT i UNIQUE (b);
