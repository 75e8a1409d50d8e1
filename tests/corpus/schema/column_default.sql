-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
ALTER TABLE t ALTER b SET DEFAULT 1;
-- new:
ALTER TABLE t ALTER b SET DEFAULT 2; ALTER TABLE t ALTER a SET DEFAULT 'x';
