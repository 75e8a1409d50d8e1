-- both:
CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);
CREATE TABLE d (x integer);
-- old:
CREATE TABLE c (x integer, y integer) INHERITS (a, b);
CREATE TABLE e (n text); CREATE TABLE f () INHERITS (e, d);
-- new:
CREATE TABLE c (x integer, y integer) INHERITS (b, a);
CREATE TABLE e (n text NOT NULL); CREATE TABLE f () INHERITS (d, e);
