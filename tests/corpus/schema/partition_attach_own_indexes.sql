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
CREATE TABLE like_whole (a integer, v integer); CREATE INDEX first_one ON like_whole (v); CREATE INDEX second_one ON like_whole (v); COMMENT ON INDEX first_one IS 'first';
CREATE TABLE whole_of_like (a integer, v integer) PARTITION BY LIST (a); CREATE INDEX like_index ON whole_of_like (v);
-- new:
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
CREATE TABLE like_whole (a integer, v integer); CREATE INDEX second_one ON like_whole (v);
CREATE TABLE whole_of_like (a integer, v integer) PARTITION BY LIST (a); CREATE INDEX like_index ON whole_of_like (v); ALTER TABLE whole_of_like ATTACH PARTITION like_whole FOR VALUES IN (1); CREATE INDEX first_one ON like_whole (v); COMMENT ON INDEX first_one IS 'first';
