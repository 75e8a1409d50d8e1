-- old:
CREATE TABLE p (a integer, b text); CREATE TABLE u (x p); CREATE INDEX u_i ON u (((x).b));
CREATE FUNCTION f(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0'; CREATE FUNCTION g(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE DOMAIN d AS integer CHECK (f(VALUE)) DEFAULT g(1); CREATE TABLE t (a d[], k d DEFAULT g(3), l integer DEFAULT (g(2))::d, CHECK (f(k))); CREATE INDEX i ON t (g(k)) WHERE f(k);
-- new:
CREATE TABLE p (a bigint, b text); CREATE TABLE u (x p); CREATE INDEX u_i ON u (((x).b));
CREATE FUNCTION g(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0'; CREATE FUNCTION f(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE DOMAIN d AS integer CHECK (g(VALUE)) DEFAULT f(1); CREATE TABLE t (a d[], k d DEFAULT f(3), l integer DEFAULT (f(2))::d, CHECK (g(k))); CREATE INDEX i ON t (f(k)) WHERE g(k);
