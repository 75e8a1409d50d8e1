-- old:
CREATE TABLE t (a text) WITH (fillfactor=70, toast.autovacuum_enabled=false);
-- new:
CREATE TABLE t (a text) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.1);
