-- since 14
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(b) FROM t; END;
-- new:
ALTER TABLE t ALTER b TYPE bigint; CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(b) FROM t; END;
