-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (a e, b integer) PARTITION BY LIST ((a > 'a'));
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (a e, b integer) PARTITION BY LIST ((a > 'a'));
