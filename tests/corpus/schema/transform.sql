-- both:
CREATE EXTENSION hstore;
-- old:
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal)); CREATE TRANSFORM FOR bigint LANGUAGE plpgsql (TO SQL WITH FUNCTION int8recv(internal));
-- What takes or gives such a value leans on the transform whenever it is written.
CREATE FUNCTION two() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 2; END';
-- new:
CREATE TRANSFORM FOR integer LANGUAGE sql (TO SQL WITH FUNCTION int4recv(internal)); CREATE TRANSFORM FOR smallint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal)); COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 't';
CREATE FUNCTION two() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1 + 1; END';
