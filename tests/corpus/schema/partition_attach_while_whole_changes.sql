-- old:
CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE TABLE p1 (a integer, b text);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX p_a ON p (a);
-- new:
CREATE TABLE p (a integer NOT NULL, b varchar(30) NOT NULL, c date DEFAULT '2020-01-01', CONSTRAINT chk CHECK (a > 0)) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b); CREATE UNIQUE INDEX p_u ON p (a, c);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 (a integer NOT NULL, b varchar(30) NOT NULL, c date);
