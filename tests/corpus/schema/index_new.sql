-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- new:
CREATE INDEX i ON t (lower(a) DESC NULLS LAST, b); COMMENT ON INDEX i IS 'i';
