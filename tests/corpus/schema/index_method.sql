-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (b);
-- new:
CREATE INDEX i ON t USING brin (b) WITH (pages_per_range=16);
