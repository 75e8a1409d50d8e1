-- both:
CREATE TABLE p (a integer, b text, PRIMARY KEY (a)) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b);
-- old:
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX own ON p1 (lower(b)); ALTER TABLE p1 ADD CONSTRAINT c CHECK (b <> '');
COMMENT ON INDEX p1_b_idx IS 'copy'; ALTER INDEX p1_b_idx SET (fillfactor = 50);
-- new:
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2);
CREATE INDEX own ON p1 (lower(b)); ALTER TABLE p1 ADD CONSTRAINT c CHECK (b <> '');
COMMENT ON INDEX p1_b_idx IS 'copy'; ALTER INDEX p1_b_idx SET (fillfactor = 50);
