-- old:
CREATE TYPE e AS ENUM ('a', 'c'); CREATE TABLE t (a e);
-- new:
CREATE TYPE e AS ENUM ('z', 'a', 'b', 'c', 'd'); CREATE TABLE t (a e DEFAULT 'b');
