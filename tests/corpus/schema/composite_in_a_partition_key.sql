-- old:
CREATE TYPE c AS (a integer, b text); CREATE TABLE p (x c, b integer) PARTITION BY LIST ((x IS NULL));
-- new:
CREATE TYPE c AS (b text, a integer); CREATE TABLE p (x c, b integer) PARTITION BY LIST ((x IS NULL));
