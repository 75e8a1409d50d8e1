-- both:
-- old:
-- new:
CREATE FUNCTION f() RETURNS integer LANGUAGE sql SET work_mem = '4MB' SET search_path = pg_catalog
    SET datestyle = iso AS 'SELECT 1';
