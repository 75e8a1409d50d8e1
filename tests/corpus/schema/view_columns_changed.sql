-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE VIEW v AS SELECT a FROM t; COMMENT ON VIEW v IS 'v'; GRANT SELECT ON v TO woven_anna; ALTER VIEW v OWNER TO woven_bert;
-- A join is printed with all its columns by their places, also those that no view shows.
CREATE TABLE j (x integer, y text, c text, gone text); CREATE TABLE k (c text, z text);
CREATE VIEW joined AS SELECT a.x, a.z FROM (j JOIN k ON j.y = k.z) AS a;
-- new:
CREATE TABLE j (x integer, y text, c text); CREATE TABLE k (c text, z text);
CREATE VIEW joined AS SELECT a.x, a.z FROM (j JOIN k ON j.y = k.z) AS a;
CREATE VIEW v AS SELECT b, a FROM t; COMMENT ON VIEW v IS 'v'; GRANT SELECT ON v TO woven_anna; ALTER VIEW v OWNER TO woven_bert;
