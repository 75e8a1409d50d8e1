-- until 17
-- both:
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- old:
-- new:
ALTER TABLE p ADD PRIMARY KEY (a); ALTER TABLE p ADD CHECK (a > 0);
