-- both:
CREATE TABLE t (a integer, b integer); CREATE INDEX t_a ON t (a);
-- old:
CREATE INDEX t_ab ON t (a, b);
-- new:
ALTER TABLE t DROP b;
