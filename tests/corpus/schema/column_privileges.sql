-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
GRANT SELECT (a) ON t TO woven_anna;
-- new:
GRANT SELECT (b), UPDATE (a, b) ON t TO woven_anna;
