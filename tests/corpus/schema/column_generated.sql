-- both:
CREATE TABLE t (a integer);
-- old:
-- new:
ALTER TABLE t ADD b integer GENERATED ALWAYS AS (a + 1) STORED;
