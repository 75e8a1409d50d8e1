-- both:
CREATE TABLE t (a int4range, b integer);
-- old:
-- new:
ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH &&) WHERE (b > 0);
