-- both:
CREATE TABLE a (x integer); CREATE TABLE c (z integer) INHERITS (a);
-- old:
-- new:
ALTER TABLE a ADD y text; ALTER TABLE a ADD CHECK (x > 0);
