-- since 15
-- both:
CREATE PUBLICATION p;
-- old:
CREATE TABLE t (a integer, b integer); ALTER PUBLICATION p ADD TABLE t; CREATE TABLE u (a integer, b integer); ALTER PUBLICATION p ADD TABLE u (a);
-- new:
CREATE TABLE u (b bigint); ALTER PUBLICATION p ADD TABLE u (b);
