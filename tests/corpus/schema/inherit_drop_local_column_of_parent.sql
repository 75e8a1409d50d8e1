-- old:
CREATE TABLE a (x integer, y integer);
CREATE TABLE c (x integer) INHERITS (a);
CREATE TABLE d (x integer, y integer); CREATE TABLE e () INHERITS (d); CREATE TABLE f () INHERITS (d);
-- new:
CREATE TABLE a (y integer);
CREATE TABLE c (x integer) INHERITS (a);
CREATE TABLE d (y integer); CREATE TABLE e (x integer) INHERITS (d); CREATE TABLE f () INHERITS (d);
