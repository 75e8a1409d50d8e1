-- both:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
-- old:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, CATEGORY = 'U');
COMMENT ON TYPE b IS 'b'; COMMENT ON FUNCTION b_in IS 'bin';
-- new:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, CATEGORY = 'S', DEFAULT = 'q');
COMMENT ON TYPE b IS 'b'; COMMENT ON FUNCTION b_in IS 'bin';
