-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE VIEW v AS SELECT a FROM t; COMMENT ON VIEW v IS 'v'; GRANT SELECT ON v TO woven_anna; ALTER VIEW v OWNER TO woven_bert;
-- new:
CREATE VIEW v AS SELECT b, a FROM t; COMMENT ON VIEW v IS 'v'; GRANT SELECT ON v TO woven_anna; ALTER VIEW v OWNER TO woven_bert;
