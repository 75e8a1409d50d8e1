-- both:
CREATE TABLE p (a integer, b integer, c text) PARTITION BY LIST (a);
CREATE INDEX p_c ON p (c);
CREATE TABLE p1 (c text, b integer, a integer) PARTITION BY RANGE (b);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE INDEX p1_c ON p1 (c);
-- old:
-- new:
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
