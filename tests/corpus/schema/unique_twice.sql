-- both:
-- old:
-- new:
CREATE TABLE a (x integer PRIMARY KEY, y integer, z text);
ALTER TABLE a ADD CONSTRAINT again UNIQUE (x);
ALTER TABLE a ADD CONSTRAINT one UNIQUE (y) INCLUDE (z);
ALTER TABLE a ADD CONSTRAINT two UNIQUE (y) INCLUDE (z);
