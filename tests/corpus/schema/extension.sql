-- old:
-- new:
CREATE SCHEMA e; CREATE EXTENSION pgcrypto SCHEMA e; CREATE TABLE t (a uuid DEFAULT e.gen_random_uuid());
