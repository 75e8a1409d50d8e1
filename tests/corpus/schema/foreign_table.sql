-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER a FOREIGN DATA WRAPPER w; CREATE SERVER b FOREIGN DATA WRAPPER w;
-- old:
CREATE FOREIGN TABLE t (a integer OPTIONS (column_name 'x')) SERVER a OPTIONS (table_name 't', schema_name 's'); CREATE FOREIGN TABLE gone () SERVER a;
-- new:
CREATE FOREIGN TABLE t (a integer OPTIONS (column_name 'x')) SERVER a OPTIONS (table_name 'u', updatable 'false'); CREATE FOREIGN TABLE fresh (a integer OPTIONS (column_name 'y') NOT NULL DEFAULT 7, b text COLLATE "C", c numeric GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT k CHECK (a > 0)) SERVER b OPTIONS (table_name 'f'); COMMENT ON FOREIGN TABLE t IS 't'; COMMENT ON COLUMN fresh.a IS 'a'; GRANT SELECT ON t TO woven_anna;
