-- both:
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- old:
CREATE TABLE t (id integer PRIMARY KEY, b integer);
-- new:
CREATE TABLE t (id integer PRIMARY KEY, b integer DEFAULT f());
