-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e); CREATE FOREIGN TABLE f () INHERITS (t) SERVER s;
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e); CREATE FOREIGN TABLE f () INHERITS (t) SERVER s;
-- refused:
the type of public.t.a cannot change: foreign tables inherit it
