-- old:
CREATE TABLE a (x integer, CONSTRAINT cx CHECK (x > 0));
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (z integer, x integer, y integer, CONSTRAINT cx CHECK (x > 0)) INHERITS (b);
-- new:
CREATE TABLE c (z integer, x integer, y integer, CONSTRAINT cx CHECK (x > 0));
