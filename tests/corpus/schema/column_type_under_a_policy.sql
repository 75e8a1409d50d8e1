-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (b > 0);
-- old:
-- new:
DROP POLICY p ON t; ALTER TABLE t ALTER b TYPE bigint; CREATE POLICY p ON t USING (b > 0);
