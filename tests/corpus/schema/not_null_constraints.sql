-- since 18
-- both:
CREATE TABLE whole (a integer NOT NULL, b integer) PARTITION BY LIST (a);
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TYPE ty AS (a integer, b integer);
-- old:
CREATE FOREIGN TABLE ft (a integer CONSTRAINT ft_old NOT NULL, b integer, c integer CONSTRAINT ft_c NOT NULL NO INHERIT) SERVER s; COMMENT ON CONSTRAINT ft_c ON ft IS 'c';
CREATE TABLE o2 OF ty (a CONSTRAINT there NOT NULL, b NOT NULL);
CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT b_there NOT NULL NO INHERIT, c integer NOT NULL, d integer, e integer, f integer CONSTRAINT f_old NOT NULL, g integer);
ALTER TABLE t ADD CONSTRAINT e_there NOT NULL e NOT VALID;
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'old';
COMMENT ON CONSTRAINT b_there ON t IS 'there';
COMMENT ON CONSTRAINT t_c_not_null ON t IS 'goes with it';
COMMENT ON CONSTRAINT f_old ON t IS 'stays';
CREATE TABLE gone (a integer CONSTRAINT kept_a_not_null NOT NULL, b integer);
ALTER TABLE gone ADD CONSTRAINT late NOT NULL b NOT VALID;
COMMENT ON CONSTRAINT late ON gone IS 'late';
CREATE TABLE m (x integer CONSTRAINT x_there NOT NULL, w integer NOT NULL, y integer CONSTRAINT y_there NOT NULL NO INHERIT, z integer, v integer NOT NULL);
CREATE TABLE n () INHERITS (m);
CREATE TABLE o (w integer NOT NULL, y integer, z integer NOT NULL, v integer) INHERITS (m);
CREATE DOMAIN d AS integer CONSTRAINT d_there NOT NULL;
COMMENT ON CONSTRAINT d_there ON DOMAIN d IS 'old';
CREATE DOMAIN f AS integer;
CREATE TABLE p1 PARTITION OF whole FOR VALUES IN (1);
-- new:
CREATE FOREIGN TABLE ft (a integer NOT NULL, b integer CONSTRAINT ft_b NOT NULL, c integer CONSTRAINT ft_c NOT NULL) SERVER s;
CREATE FOREIGN TABLE ft2 (a integer CONSTRAINT "ft 2" NOT NULL NO INHERIT) SERVER s; COMMENT ON CONSTRAINT "ft 2" ON ft2 IS 'it''s';
CREATE TABLE o2 OF ty (b CONSTRAINT b_there NOT NULL); CREATE TABLE o3 OF ty (b CONSTRAINT b_there NOT NULL); COMMENT ON CONSTRAINT b_there ON o3 IS 'of a type';
CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT b_is_there NOT NULL, c integer, d integer NOT NULL NO INHERIT, e integer CONSTRAINT e_there NOT NULL, f integer CONSTRAINT f_new NOT NULL);
ALTER TABLE t ADD COLUMN g integer, ADD CONSTRAINT g_there NOT NULL g NOT VALID;
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'new';
COMMENT ON CONSTRAINT t_d_not_null ON t IS 'of d';
COMMENT ON CONSTRAINT g_there ON t IS 'of g';
COMMENT ON CONSTRAINT f_new ON t IS 'stays';
CREATE TABLE kept (a integer NOT NULL);
CREATE TABLE m (x integer CONSTRAINT x_is_there NOT NULL, w integer NOT NULL, y integer CONSTRAINT y_there NOT NULL, z integer NOT NULL, v integer);
CREATE TABLE n () INHERITS (m);
CREATE TABLE o (w integer NOT NULL, y integer, z integer, v integer NOT NULL) INHERITS (m);
CREATE DOMAIN d AS integer CONSTRAINT d_there NOT NULL;
COMMENT ON CONSTRAINT d_there ON DOMAIN d IS 'new';
CREATE DOMAIN f AS integer NOT NULL;
COMMENT ON CONSTRAINT f_not_null ON DOMAIN f IS 'of f';
CREATE TABLE p1 (a integer CONSTRAINT own NOT NULL, b integer CONSTRAINT b_own NOT NULL);
ALTER TABLE whole ATTACH PARTITION p1 FOR VALUES IN (1);
COMMENT ON CONSTRAINT b_own ON p1 IS 'of the partition';
