-- both:
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- old:
CREATE TABLE t (id integer PRIMARY KEY, b integer);
-- The two functions have changed names.
CREATE FUNCTION g(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION h(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''h''::text';
CREATE TABLE u (a integer DEFAULT g(1), b text DEFAULT h(1)); CREATE VIEW v AS SELECT g(a) AS g, h(a) AS h FROM u;
-- new:
CREATE TABLE t (id integer PRIMARY KEY, b integer DEFAULT f());
CREATE FUNCTION h(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION g(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''h''::text';
CREATE TABLE u (a integer DEFAULT h(1), b text DEFAULT g(1)); CREATE VIEW v AS SELECT h(a) AS g, g(a) AS h FROM u;
