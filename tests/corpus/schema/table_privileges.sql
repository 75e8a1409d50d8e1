-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
GRANT SELECT, INSERT ON t TO woven_anna;
-- new:
GRANT SELECT ON t TO woven_anna WITH GRANT OPTION; GRANT UPDATE ON t TO woven_bert; GRANT SELECT ON t TO PUBLIC;
