-- both:
-- old:
-- new:
CREATE TABLE a (x integer); CREATE TABLE b (y integer);
CREATE VIEW v AS SELECT x FROM a; CREATE VIEW w AS SELECT y FROM b;
CREATE POLICY p ON a USING (x = (SELECT max(y) FROM w));
CREATE POLICY q ON b USING (y = (SELECT max(x) FROM v));
