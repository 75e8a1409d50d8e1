-- old:
CREATE TYPE c AS (a integer, b text);
-- Its table goes, or comes.
CREATE TABLE last_user (a c);
-- new:
CREATE TYPE c AS (a bigint, b text, d date);
