-- both:
CREATE TABLE t (a integer, b integer); CREATE TABLE u (a integer, b integer); CREATE TABLE w (a integer, b integer); CREATE TABLE x (a integer); CREATE TABLE y (a integer); CREATE TABLE z (a integer, b integer);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('a'); CREATE SCHEMA s; CREATE SEQUENCE q; CREATE VIEW v AS SELECT a FROM t;
-- old:
GRANT SELECT, INSERT ON t TO woven_anna; GRANT SELECT (b), UPDATE (a) ON t TO woven_anna; GRANT DELETE ON t TO woven_bert;
GRANT SELECT ON u TO woven_anna WITH GRANT OPTION; GRANT UPDATE (a) ON u TO woven_anna WITH GRANT OPTION; REVOKE DELETE ON u FROM CURRENT_USER; GRANT DELETE ON u TO woven_anna;
ALTER TABLE w OWNER TO woven_anna; GRANT SELECT ON w TO woven_bert; GRANT SELECT (b) ON w TO woven_bert;
ALTER TABLE x OWNER TO woven_anna; REVOKE INSERT ON x FROM woven_anna; GRANT UPDATE ON x TO CURRENT_USER;
REVOKE INSERT ON y FROM CURRENT_USER; GRANT INSERT ON y TO woven_anna;
ALTER TABLE z OWNER TO "woven ""c"", TO d"; GRANT SELECT ON z TO woven_anna, CURRENT_USER; GRANT INSERT (a) ON z TO woven_anna WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION f() TO woven_anna; GRANT USAGE ON TYPE e TO woven_anna WITH GRANT OPTION; GRANT CREATE ON SCHEMA s TO woven_anna; GRANT SELECT ON q TO woven_anna; GRANT SELECT ON v TO woven_anna;
-- new:
ALTER TABLE t OWNER TO woven_anna; GRANT DELETE ON t TO woven_bert;
ALTER TABLE u OWNER TO woven_anna; GRANT SELECT ON u TO "woven ""c"", TO d" WITH GRANT OPTION;
GRANT SELECT ON w TO woven_anna; GRANT SELECT (a) ON w TO woven_anna;
GRANT SELECT ON x TO woven_anna;
ALTER TABLE y OWNER TO woven_anna; REVOKE INSERT ON y FROM woven_anna;
ALTER TABLE z OWNER TO woven_anna; GRANT SELECT ON z TO "woven ""c"", TO d"; GRANT INSERT (b) ON z TO woven_anna;
ALTER FUNCTION f() OWNER TO woven_anna; ALTER TYPE e OWNER TO woven_anna; ALTER SCHEMA s OWNER TO woven_anna; ALTER SEQUENCE q OWNER TO woven_anna; ALTER VIEW v OWNER TO woven_anna;
