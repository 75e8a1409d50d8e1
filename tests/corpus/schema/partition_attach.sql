-- both:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a); CREATE TABLE p1 (a integer, b text);
CREATE TABLE w1 (a integer NOT NULL, b integer NOT NULL, c text);
-- old:
-- The whole comes later, and what the server makes of its indexes has other names than it gives.
CREATE TABLE early (a integer NOT NULL, b text);
-- new:
CREATE TABLE early (a integer NOT NULL, b text);
CREATE TABLE late (a integer PRIMARY KEY, b text) PARTITION BY LIST (a);
CREATE INDEX late_b ON late (b);
ALTER TABLE late ATTACH PARTITION early FOR VALUES IN (1);
ALTER INDEX early_b_idx RENAME TO early_index;
ALTER INDEX early_pkey RENAME TO early_key;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
CREATE TABLE whole (a integer, b integer, c text, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
CREATE UNIQUE INDEX ON whole (lower(c), a);
ALTER TABLE whole ATTACH PARTITION w1 FOR VALUES IN (1);
