-- both:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a);
ALTER TABLE p ADD CONSTRAINT p_pk PRIMARY KEY (a);
CREATE INDEX p_b ON p (b);
CREATE TABLE p1 (b text, junk integer, a integer NOT NULL);
ALTER TABLE p1 DROP junk;
ALTER TABLE p1 ADD CONSTRAINT mine PRIMARY KEY (a);
CREATE INDEX mine_b ON p1 (b);
CREATE INDEX other_b ON p1 (lower(b));
-- old:
-- new:
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
