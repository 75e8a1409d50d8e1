-- old:
CREATE TYPE c AS (a integer, b text);
-- new:
CREATE TYPE c AS (a bigint, b text, d date);
