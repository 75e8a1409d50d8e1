-- old:
CREATE TABLE p (a integer, b integer, c text, CHECK (b > 0)) PARTITION BY LIST (a);
CREATE INDEX p_c ON p (c);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- new:
CREATE TABLE p1 (a integer, b integer, c text);
