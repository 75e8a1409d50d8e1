-- old:
-- new:
CREATE VIEW v AS SELECT 1 AS a, 'x'::varchar(3) AS b, NULL::numeric(4,2)[] AS "C d";
CREATE FUNCTION f(v) RETURNS integer LANGUAGE sql AS 'SELECT $1.a';
CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 'x'::varchar(3) AS b, NULL::numeric(4,2)[] AS "C d" FROM g();
COMMENT ON VIEW v IS 'v'; COMMENT ON COLUMN v.a IS 'a';
GRANT SELECT ON v TO woven_anna;
