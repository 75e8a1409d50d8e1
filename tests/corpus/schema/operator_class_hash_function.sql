-- both:
-- old:
-- new:
CREATE FUNCTION h(integer, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE OPERATOR CLASS o FOR TYPE integer USING hash AS OPERATOR 1 =, FUNCTION 2 h(integer, bigint);
