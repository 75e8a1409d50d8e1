-- both:
CREATE TABLE p (a integer, b text, c integer) PARTITION BY LIST (a);
CREATE TABLE p1 (c integer, x integer, a integer, b text); ALTER TABLE p1 DROP x;
CREATE INDEX p_bc ON p (b, c); CREATE INDEX p_e ON p ((a + c));
-- old:
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
-- new:
ALTER TABLE p ADD d integer; ALTER TABLE p1 ADD d integer; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1, 3);
