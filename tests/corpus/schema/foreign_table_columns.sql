-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER a FOREIGN DATA WRAPPER w; CREATE SERVER b FOREIGN DATA WRAPPER w;
-- old:
CREATE FOREIGN TABLE t (a integer OPTIONS (column_name 'x', n 'm'), b text, c integer NOT NULL, d integer DEFAULT 1) SERVER a;
-- new:
CREATE FOREIGN TABLE t (a integer OPTIONS (column_name 'y', o 'm'), b varchar(9) COLLATE "C", c integer, d integer NOT NULL DEFAULT 2, e text OPTIONS (column_name 'z'), CONSTRAINT k CHECK (d > 1)) SERVER a; ALTER FOREIGN TABLE t ALTER a SET STATISTICS 7, ALTER b SET STORAGE EXTERNAL;
