-- both:
CREATE TABLE t (a integer NOT NULL); CREATE UNIQUE INDEX t_a ON t (a);
-- old:
-- new:
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;
