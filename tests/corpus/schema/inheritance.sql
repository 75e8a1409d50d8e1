-- both:
CREATE TABLE a (x integer); CREATE TABLE b (y integer);
-- old:
CREATE TABLE c (z integer, x integer) INHERITS (b);
-- new:
CREATE TABLE c (z integer, x integer) INHERITS (b, a);
