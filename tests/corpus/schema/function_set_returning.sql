-- old:
-- new:
CREATE FUNCTION f(OUT a integer, OUT b text) RETURNS SETOF record LANGUAGE sql ROWS 5 AS 'SELECT 1, ''x''::text'; CREATE FUNCTION g(VARIADIC a integer[]) RETURNS TABLE (x integer) LANGUAGE sql AS 'SELECT unnest(a)';
