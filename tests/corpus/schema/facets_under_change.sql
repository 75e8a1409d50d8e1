-- both:
CREATE TABLE t (a integer);
-- old:
CREATE TYPE e AS ENUM ('a', 'b'); GRANT USAGE ON TYPE e TO woven_anna; COMMENT ON TYPE e IS 'x'; GRANT SELECT ON t TO woven_anna; COMMENT ON TABLE t IS 'x';
CREATE TYPE f AS ENUM ('a', 'b'); ALTER TYPE f OWNER TO woven_bert; GRANT USAGE ON TYPE f TO woven_anna;
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); ALTER TYPE e OWNER TO woven_anna; ALTER TABLE t SET (fillfactor = 70); ALTER TABLE t OWNER TO woven_anna;
CREATE TYPE f AS ENUM ('b', 'a'); ALTER TYPE f OWNER TO woven_anna; GRANT USAGE ON TYPE f TO CURRENT_USER; COMMENT ON TYPE f IS 'x';
