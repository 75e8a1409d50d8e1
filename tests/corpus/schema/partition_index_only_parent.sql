-- both:
CREATE TABLE p (a integer NOT NULL, b integer NOT NULL, c text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- old:
CREATE INDEX p_c ON ONLY p (c);
-- new:
CREATE INDEX p_c ON p (c);
