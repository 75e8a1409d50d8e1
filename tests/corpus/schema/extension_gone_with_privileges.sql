-- old:
CREATE EXTENSION hstore; GRANT EXECUTE ON FUNCTION hstore(text, text) TO woven_anna;
COMMENT ON FUNCTION hstore(text, text) IS 'a pair'; CREATE EXTENSION citext VERSION '1.4';
-- new:
CREATE TABLE t ();
