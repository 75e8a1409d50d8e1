-- both:
CREATE TABLE t (a integer, b integer, c integer);
-- old:
GRANT SELECT, UPDATE ON t TO woven_anna; GRANT SELECT (a) ON t TO woven_anna; GRANT UPDATE (b) ON t TO woven_anna, woven_bert;
-- new:
GRANT UPDATE ON t TO woven_anna WITH GRANT OPTION; GRANT SELECT (a), UPDATE (a) ON t TO woven_anna WITH GRANT OPTION; GRANT UPDATE (b) ON t TO woven_anna, woven_bert; GRANT SELECT (c) ON t TO woven_anna;
