-- both:
CREATE FUNCTION f(integer) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE TABLE t (a integer);
-- old:
-- new:
ALTER TABLE t ADD CHECK (f(a));
