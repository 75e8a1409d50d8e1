-- both:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a); CREATE TABLE p1 (a integer, b text);
-- old:
-- new:
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
