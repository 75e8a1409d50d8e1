-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e); CREATE TABLE u (x t[]);
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e); CREATE TABLE u (x t[]);
-- refused:
the type of public.t.a cannot change: other columns have rows of public.t as values
