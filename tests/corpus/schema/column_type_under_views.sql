-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE log (b integer);
-- old:
CREATE VIEW v AS SELECT b, a FROM t; CREATE VIEW w AS SELECT b + 1 AS c FROM v; COMMENT ON VIEW w IS 'w'; GRANT SELECT ON w TO woven_anna; COMMENT ON COLUMN w.c IS 'c';
-- new:
ALTER TABLE t ALTER b TYPE bigint; CREATE VIEW v AS SELECT b, a FROM t; CREATE VIEW w AS SELECT b + 1 AS c FROM v; COMMENT ON VIEW w IS 'w'; GRANT SELECT ON w TO woven_anna; COMMENT ON COLUMN w.c IS 'c';
