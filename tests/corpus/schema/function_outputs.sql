-- since 14
-- old:
CREATE FUNCTION f(a integer, OUT b integer, OUT c integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE FUNCTION n(OUT integer, OUT integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE p(INOUT b integer) LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT b FROM f(1);
-- new:
CREATE FUNCTION f(a integer, OUT b integer, OUT c text) LANGUAGE sql AS $$ SELECT 1, 'x'::text $$;
CREATE FUNCTION n(OUT integer, OUT named integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE p(INOUT b integer, OUT c integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE VIEW v AS SELECT b FROM f(1);
