-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e, b e[] DEFAULT '{a}', c e[]);
-- new:
CREATE TYPE f AS ENUM ('b', 'a'); CREATE TABLE t (a f, b f[] DEFAULT '{a}', c text[]);
