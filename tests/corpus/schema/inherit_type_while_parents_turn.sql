-- refused:
the type of public.c.x cannot change while its parents do: change one after the other
-- old:
CREATE TABLE a (x integer); CREATE TABLE b (x integer); CREATE TABLE c () INHERITS (a, b);
-- new:
CREATE TABLE a (x bigint); CREATE TABLE b (x bigint); CREATE TABLE c () INHERITS (b, a);
