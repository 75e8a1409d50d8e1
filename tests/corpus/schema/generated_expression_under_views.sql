-- old:
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED); CREATE VIEW v AS SELECT g FROM t; CREATE INDEX i ON t (g); COMMENT ON COLUMN t.g IS 'g'; GRANT SELECT (g) ON t TO woven_anna;
-- new:
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a + 2) STORED); CREATE VIEW v AS SELECT g FROM t; CREATE INDEX i ON t (g); COMMENT ON COLUMN t.g IS 'g'; GRANT SELECT (g) ON t TO woven_anna;
