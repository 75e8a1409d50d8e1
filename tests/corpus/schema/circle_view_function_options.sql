-- old:
-- new:
CREATE VIEW v AS SELECT 1 AS a, 'x'::text COLLATE "C" AS b;
CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v WITH (security_barrier = true) AS SELECT a, b FROM g();
