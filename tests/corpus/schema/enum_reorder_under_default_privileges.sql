-- both:
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO woven_anna;
-- old:
CREATE TYPE e AS ENUM ('a', 'b'); REVOKE USAGE ON TYPE e FROM woven_anna; CREATE TYPE f AS ENUM ('a', 'b');
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); REVOKE USAGE ON TYPE e FROM woven_anna; CREATE TYPE f AS ENUM ('b', 'a');
