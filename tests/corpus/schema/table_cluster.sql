-- both:
CREATE TABLE t (a integer NOT NULL, b integer); CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b);
-- old:
ALTER TABLE t CLUSTER ON t_a;
-- new:
ALTER TABLE t CLUSTER ON t_b;
