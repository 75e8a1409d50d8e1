-- both:
CREATE FUNCTION f1(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > $2'; CREATE FUNCTION f2(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 < $2';
-- old:
CREATE OPERATOR === (FUNCTION = f1, LEFTARG = integer, RIGHTARG = integer); CREATE TABLE t (a integer, CONSTRAINT c CHECK (a === 1)); CREATE INDEX i ON t ((a === 2)); CREATE VIEW v AS SELECT a === 3 AS x FROM t;
-- new:
CREATE OPERATOR === (FUNCTION = f2, LEFTARG = integer, RIGHTARG = integer); CREATE TABLE t (a integer, CONSTRAINT c CHECK (a === 1)); CREATE INDEX i ON t ((a === 2)); CREATE VIEW v AS SELECT a === 3 AS x FROM t;
