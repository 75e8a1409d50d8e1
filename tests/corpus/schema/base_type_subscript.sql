-- since 14
-- old:
-- new:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'point_in';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'point_out';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, INTERNALLENGTH = 16, ALIGNMENT = double, ELEMENT = float8, SUBSCRIPT = raw_array_subscript_handler);
CREATE VIEW v AS SELECT '1,2'::b AS x;
CREATE FUNCTION uses(b) RETURNS b LANGUAGE sql AS 'SELECT $1';
