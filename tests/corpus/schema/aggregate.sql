-- old:
CREATE AGGREGATE g (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
-- new:
CREATE AGGREGATE g (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5', PARALLEL = SAFE); CREATE AGGREGATE h (*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0'); COMMENT ON AGGREGATE g (integer) IS 'g'; GRANT EXECUTE ON FUNCTION g(integer) TO woven_anna;
