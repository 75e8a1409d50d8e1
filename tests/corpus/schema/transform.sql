-- both:
CREATE EXTENSION hstore;
-- old:
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal)); CREATE TRANSFORM FOR bigint LANGUAGE plpgsql (TO SQL WITH FUNCTION int8recv(internal));
-- What takes or gives such a value leans on the transform whenever it is written.
CREATE FUNCTION two() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 2; END';
CREATE TYPE c AS (x integer); CREATE FUNCTION fs(internal) RETURNS internal IMMUTABLE LANGUAGE internal AS 'textin'; CREATE TRANSFORM FOR c LANGUAGE plpgsql (FROM SQL WITH FUNCTION fs(internal)); CREATE FUNCTION g(c) RETURNS integer LANGUAGE plpgsql TRANSFORM FOR TYPE c AS 'BEGIN RETURN 1; END'; CREATE VIEW v AS SELECT g(ROW(1)::c) AS g;
-- new:
CREATE TRANSFORM FOR integer LANGUAGE sql (TO SQL WITH FUNCTION int4recv(internal)); CREATE TRANSFORM FOR smallint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal)); COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 't';
CREATE FUNCTION two() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1 + 1; END';
CREATE TYPE c AS (y bigint); CREATE FUNCTION fs(internal) RETURNS internal IMMUTABLE LANGUAGE internal AS 'textin'; CREATE FUNCTION ft(internal) RETURNS c IMMUTABLE LANGUAGE internal AS 'textin'; CREATE TRANSFORM FOR c LANGUAGE plpgsql (FROM SQL WITH FUNCTION fs(internal), TO SQL WITH FUNCTION ft(internal)); CREATE FUNCTION g(c) RETURNS integer LANGUAGE plpgsql TRANSFORM FOR TYPE c AS 'BEGIN RETURN 2; END'; CREATE VIEW v AS SELECT g(ROW(1)::c) AS g;
