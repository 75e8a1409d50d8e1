-- old:
-- new:
CREATE TYPE r;
CREATE FUNCTION r_canon(r) RETURNS r LANGUAGE internal STRICT IMMUTABLE AS 'int4range_canonical';
CREATE TYPE r AS RANGE (SUBTYPE = integer, CANONICAL = r_canon);
