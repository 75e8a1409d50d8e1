-- old:
CREATE TABLE t (a text) WITH (toast.autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 7); CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT 'x'::text AS a;
-- new:
CREATE TABLE t (a text) WITH (autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 9, toast_tuple_target = 200); CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, toast.autovacuum_enabled = false) AS SELECT 'x'::text AS a;
