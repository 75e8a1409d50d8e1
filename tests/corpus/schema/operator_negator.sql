-- both:
CREATE FUNCTION f(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 = $2'; CREATE FUNCTION g(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> $2'; CREATE FUNCTION h(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b(bigint, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 < $2'; CREATE FUNCTION c(integer, bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > $2';
-- old:
CREATE OPERATOR === (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer); CREATE VIEW v AS SELECT 1 OPERATOR(public.===) 2 AS x; CREATE OPERATOR <=> (FUNCTION = g, LEFTARG = integer, RIGHTARG = integer);
-- new:
CREATE OPERATOR === (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = !==); CREATE VIEW v AS SELECT 1 OPERATOR(public.===) 2 AS x; CREATE OPERATOR !== (FUNCTION = g, LEFTARG = integer, RIGHTARG = integer, NEGATOR = ===); CREATE OPERATOR <=> (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer);
