-- old:
-- new:
CREATE VIEW v AS SELECT 1 AS a;
CREATE FUNCTION g() RETURNS SETOF v STABLE LANGUAGE sql AS 'SELECT 1';
CREATE MATERIALIZED VIEW m AS SELECT a FROM g();
CREATE OR REPLACE VIEW v AS SELECT a FROM m;
-- refused:
create routine public.g(), which waits for create view public.v, which waits for create materialized view public.m, which waits for the first
