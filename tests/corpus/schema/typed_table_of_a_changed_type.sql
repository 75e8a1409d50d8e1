-- old:
CREATE TYPE c AS (a integer, b text); CREATE TABLE t OF c;
-- new:
CREATE TYPE c AS (a bigint, b text, d date); CREATE TABLE t OF c;
