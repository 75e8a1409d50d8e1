-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'i'; ALTER TABLE t CLUSTER ON i;
-- new:
CREATE INDEX i ON t (a, b); COMMENT ON INDEX i IS 'i'; ALTER TABLE t CLUSTER ON i;
