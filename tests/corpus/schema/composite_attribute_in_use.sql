-- old:
CREATE TYPE c AS (a integer, b text); CREATE TABLE t (x c);
-- new:
CREATE TYPE c AS (a integer, b text, d date); CREATE TABLE t (x c);
