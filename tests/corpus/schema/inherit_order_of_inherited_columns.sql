-- both:
CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);
-- old:
CREATE TABLE c (x integer, z integer) INHERITS (a, b);
-- new:
CREATE TABLE c (x integer, z integer) INHERITS (b, a);
