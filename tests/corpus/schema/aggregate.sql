-- both:
CREATE FUNCTION last(anyelement, anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $2'; CREATE FUNCTION last2(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql AS 'SELECT $2';
-- old:
CREATE AGGREGATE g (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
-- A function and an aggregate share names, and calls of aggregates can mean several.
CREATE AGGREGATE k (integer) (SFUNC = int4pl, STYPE = integer); CREATE PROCEDURE m(integer) LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT k(1);
CREATE AGGREGATE n (anyelement) (SFUNC = last, STYPE = anyelement); CREATE VIEW w AS SELECT n(i) FROM generate_series(1, 3) i;
-- new:
CREATE AGGREGATE g (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5', PARALLEL = SAFE); CREATE AGGREGATE h (*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0'); COMMENT ON AGGREGATE g (integer) IS 'g'; GRANT EXECUTE ON FUNCTION g(integer) TO woven_anna;
CREATE FUNCTION k(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE AGGREGATE m (integer) (SFUNC = int4pl, STYPE = integer); CREATE VIEW v AS SELECT m(1);
CREATE AGGREGATE n (anycompatible) (SFUNC = last2, STYPE = anycompatible); CREATE VIEW w AS SELECT n(i) FROM generate_series(1, 3) i;
