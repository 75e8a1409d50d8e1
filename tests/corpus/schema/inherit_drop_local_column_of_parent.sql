-- old:
CREATE TABLE a (x integer, y integer);
CREATE TABLE c (x integer) INHERITS (a);
-- new:
CREATE TABLE a (y integer);
CREATE TABLE c (x integer) INHERITS (a);
