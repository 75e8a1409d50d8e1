-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e); CREATE TABLE u (x t[]);
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e); CREATE TABLE u (x t[]);
