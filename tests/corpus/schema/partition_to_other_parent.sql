-- old:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a);
CREATE TABLE q (a integer, b text) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b);
CREATE INDEX q_b ON q (b);
CREATE TABLE x PARTITION OF p FOR VALUES IN (1);
-- new:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a);
CREATE TABLE q (a integer, b text) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b);
CREATE INDEX q_b ON q (b);
CREATE TABLE x PARTITION OF q FOR VALUES IN (1);
