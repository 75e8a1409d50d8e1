-- since 15
-- old:
CREATE TABLE t (a integer, b integer); CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1) WITH (publish = 'insert');
-- new:
CREATE TABLE t (a bigint, b integer); CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1) WITH (publish = 'insert');
