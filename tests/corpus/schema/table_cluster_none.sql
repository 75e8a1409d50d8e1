-- both:
CREATE TABLE t (a integer PRIMARY KEY);
-- old:
-- new:
ALTER TABLE t CLUSTER ON t_pkey;
