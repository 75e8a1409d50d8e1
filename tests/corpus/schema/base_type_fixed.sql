-- both:
CREATE SCHEMA "x y";
-- old:
CREATE TYPE b;
-- new:
CREATE TYPE b;
CREATE TYPE "x y"."B";
CREATE FUNCTION "x y".bin(cstring) RETURNS "x y"."B" LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION "x y".bout("x y"."B") RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE "x y"."B" (INPUT = "x y".bin, OUTPUT = "x y".bout, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4);
CREATE FUNCTION eq("x y"."B", "x y"."B") RETURNS boolean LANGUAGE internal STRICT IMMUTABLE AS 'int4eq';
CREATE OPERATOR = (LEFTARG = "x y"."B", RIGHTARG = "x y"."B", FUNCTION = eq, COMMUTATOR = =);
CREATE CAST ("x y"."B" AS integer) WITHOUT FUNCTION;
ALTER TYPE "x y"."B" OWNER TO woven_anna;
GRANT USAGE ON TYPE "x y"."B" TO woven_bert;
REVOKE ALL ON FUNCTION "x y".bin FROM PUBLIC;
CREATE DOMAIN dom AS "x y"."B";
CREATE TYPE comp AS (a "x y"."B", d dom);
