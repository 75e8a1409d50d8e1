-- Nothing leads back to the older version: there it is made anew.
-- both:
CREATE TABLE t (a text);
-- old:
CREATE EXTENSION hstore VERSION '1.4'; CREATE FUNCTION f(hstore) RETURNS text LANGUAGE sql AS 'SELECT 1::text'; CREATE VIEW v AS SELECT 'a=>1'::hstore AS h; CREATE INDEX i ON t USING gin (hstore(a, a));
GRANT EXECUTE ON FUNCTION hstore(text, text) TO woven_anna; COMMENT ON EXTENSION hstore IS 'x'; GRANT USAGE ON TYPE hstore TO woven_bert;
-- new:
CREATE EXTENSION hstore; CREATE FUNCTION f(hstore) RETURNS text LANGUAGE sql AS 'SELECT 1::text'; CREATE VIEW v AS SELECT 'a=>1'::hstore AS h; CREATE INDEX i ON t USING gin (hstore(a, a));
GRANT EXECUTE ON FUNCTION hstore(text, text) TO woven_anna; COMMENT ON EXTENSION hstore IS 'x'; GRANT USAGE ON TYPE hstore TO woven_bert;
