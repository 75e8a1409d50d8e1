-- both:
CREATE TABLE a (x integer, CONSTRAINT cx CHECK (x > 0));
-- old:
CREATE TABLE c (z integer) INHERITS (a);
-- new:
CREATE TABLE c (z integer, CONSTRAINT cx CHECK (x > 0)) INHERITS (a);
