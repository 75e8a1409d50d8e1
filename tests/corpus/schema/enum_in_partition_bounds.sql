-- old:
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE p (a e, b integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a', 'b');
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (a e, b integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a', 'b');
