-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- new:
ALTER TABLE t ALTER b TYPE bigint; ALTER TABLE t ALTER a TYPE varchar(40);
