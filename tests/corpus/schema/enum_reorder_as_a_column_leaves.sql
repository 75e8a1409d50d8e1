-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'a', b e, c text);
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a text, b e, c e);
