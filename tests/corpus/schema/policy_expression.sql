-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE POLICY p ON t USING (b > 0);
-- new:
CREATE POLICY p ON t TO woven_anna USING (b > 5); COMMENT ON POLICY p ON t IS 'p';
