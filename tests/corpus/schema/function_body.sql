-- old:
CREATE FUNCTION f(a integer, b text DEFAULT 'x') RETURNS text LANGUAGE sql AS 'SELECT b';
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1 -- $$, $body';
-- new:
CREATE FUNCTION f(a integer, b text DEFAULT 'x') RETURNS text LANGUAGE sql AS $$SELECT '$body$' || b$$;
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1 -- in $';
