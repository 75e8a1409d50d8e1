CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
    q text := $q$SELECT ';'$q$;
BEGIN
    EXECUTE q; -- '
    RAISE NOTICE 'it''s; %', q;
END
$fn$ SET search_path = pg_catalog;
COMMENT ON FUNCTION f() IS E'line one;\nline two';
