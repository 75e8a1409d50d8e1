-- both:
CREATE TABLE p (a integer NOT NULL, b integer NOT NULL, c text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 (a integer NOT NULL, b integer NOT NULL, c text);
-- old:
-- new:
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);
CREATE INDEX p_c ON p (c);
