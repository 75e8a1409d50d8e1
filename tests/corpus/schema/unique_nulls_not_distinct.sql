-- since 15
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
ALTER TABLE t ADD UNIQUE (b);
-- new:
ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (b);
