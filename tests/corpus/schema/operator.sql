-- both:
CREATE FUNCTION f(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 = $2'; CREATE FUNCTION g(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> $2'; CREATE FUNCTION h(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b(bigint, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 < $2'; CREATE FUNCTION c(integer, bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > $2';
-- old:
CREATE OPERATOR === (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, RESTRICT = eqsel); CREATE OPERATOR !!! (FUNCTION = h, RIGHTARG = integer);
-- new:
CREATE SCHEMA "o s"; CREATE OPERATOR === (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, JOIN = eqjoinsel); CREATE OPERATOR "o s".=== (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR("o s".===), HASHES, MERGES); CREATE OPERATOR <<< (FUNCTION = b, LEFTARG = bigint, RIGHTARG = integer, COMMUTATOR = >>>); CREATE OPERATOR >>> (FUNCTION = c, LEFTARG = integer, RIGHTARG = bigint, COMMUTATOR = <<<); COMMENT ON OPERATOR === (integer, integer) IS 'o'; CREATE VIEW v AS SELECT 1 OPERATOR(public.===) 2 AS x;
