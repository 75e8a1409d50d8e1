-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0);
-- new:
ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1); ALTER TABLE t ADD CONSTRAINT d CHECK (b < 9) NOT VALID;
