-- both:
CREATE FUNCTION cmp(integer, bigint) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 0'; CREATE FUNCTION cmp(bigint, integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 0';
-- old:
CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 3 = (integer, bigint), FUNCTION 1 btint48cmp(integer, bigint); CREATE OPERATOR FAMILY gone USING hash;
-- new:
CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 5 > (bigint, integer), FUNCTION 1 (integer, bigint) cmp(integer, bigint); CREATE OPERATOR FAMILY "G g" USING btree; ALTER OPERATOR FAMILY "G g" USING btree ADD OPERATOR 1 < (integer, bigint); COMMENT ON OPERATOR FAMILY f USING btree IS 'f';
