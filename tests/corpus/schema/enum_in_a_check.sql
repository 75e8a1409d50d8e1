-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e CHECK (a <> 'b'));
-- new:
CREATE TYPE e AS ENUM ('b', 'c', 'a'); CREATE TABLE t (a e CHECK (a <> 'b'));
