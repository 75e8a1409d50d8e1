-- both:
CREATE TABLE t (a integer, b integer) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT;
-- old:
CREATE INDEX t_b ON t (b) WITH (fillfactor = 70) WHERE b > 0; CREATE INDEX t_a ON t (a);
CREATE TABLE u (a integer, CONSTRAINT u_a UNIQUE (a) WITH (fillfactor = 60)) PARTITION BY RANGE (a);
-- new:
CREATE INDEX t_b ON t (b) WHERE b > 0; CREATE INDEX t_a ON t (a) INCLUDE (b) WITH (fillfactor = 70, deduplicate_items = off);
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (a) WITH (fillfactor = 50);
