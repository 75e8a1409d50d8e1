-- old:
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a'; CREATE VIEW v AS SELECT f(1);
-- new:
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint'; CREATE VIEW v AS SELECT f(1);
