-- old:
-- new:
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi); CREATE TABLE t (a r); COMMENT ON TYPE r IS 'r';
