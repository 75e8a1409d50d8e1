-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE u (id integer PRIMARY KEY); CREATE SCHEMA s; CREATE TABLE s.x (id integer PRIMARY KEY);
-- old:
CREATE PUBLICATION p WITH (publish = 'insert, update'); CREATE PUBLICATION gone FOR TABLE t, u; CREATE PUBLICATION q;
-- new:
CREATE PUBLICATION p WITH (publish = 'delete', publish_via_partition_root = true); CREATE PUBLICATION "Q r" FOR TABLE t; CREATE PUBLICATION q FOR ALL TABLES; COMMENT ON PUBLICATION p IS 'p'; CREATE PUBLICATION n WITH (publish = '');
