-- old:
-- new:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, STORAGE = extended, COLLATABLE = true, CATEGORY = 'S', PREFERRED = true, DEFAULT = 'x''y', DELIMITER = ';');
COMMENT ON TYPE b IS 'b';
CREATE TABLE t (a b DEFAULT 'z', c b[]);
