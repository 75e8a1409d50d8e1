-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TABLE z (x integer, y integer); CREATE FOREIGN TABLE a (x integer) SERVER s; CREATE TABLE c () INHERITS (a, z);
CREATE FOREIGN TABLE d (y integer) SERVER s; CREATE FOREIGN TABLE e () INHERITS (d, z) SERVER s;
-- new:
CREATE TABLE z (x bigint, y text); CREATE FOREIGN TABLE a (x bigint) SERVER s; CREATE TABLE c () INHERITS (a, z);
CREATE FOREIGN TABLE d (y text) SERVER s; CREATE FOREIGN TABLE e () INHERITS (d, z) SERVER s;
-- refused back:
the type of public.z.y cannot change: foreign tables inherit it
