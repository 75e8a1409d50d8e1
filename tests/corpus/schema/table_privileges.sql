-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
GRANT SELECT, INSERT ON t TO woven_anna;
-- What a role has given by its option goes before the option does, and comes after it.
CREATE TABLE chain (a integer, b integer); GRANT SELECT ON chain TO woven_anna WITH GRANT OPTION; GRANT UPDATE (a) ON chain TO woven_anna WITH GRANT OPTION;
CREATE TABLE owned (a integer); ALTER TABLE owned OWNER TO woven_anna;
SET ROLE woven_anna; GRANT SELECT ON chain TO woven_bert WITH GRANT OPTION; GRANT UPDATE (a) ON chain TO woven_bert; GRANT SELECT ON owned TO woven_bert WITH GRANT OPTION;
SET ROLE woven_bert; GRANT SELECT ON chain TO PUBLIC; GRANT SELECT ON owned TO PUBLIC; RESET ROLE;
-- new:
GRANT SELECT ON t TO woven_anna WITH GRANT OPTION; GRANT UPDATE ON t TO woven_bert; GRANT SELECT ON t TO PUBLIC;
CREATE TABLE chain (a integer, b integer); GRANT SELECT, INSERT ON chain TO woven_bert WITH GRANT OPTION;
CREATE TABLE owned (a integer); ALTER TABLE owned OWNER TO woven_bert;
SET ROLE woven_bert; GRANT SELECT ON chain TO woven_anna WITH GRANT OPTION; GRANT INSERT ON chain TO PUBLIC; GRANT SELECT ON owned TO woven_anna WITH GRANT OPTION;
SET ROLE woven_anna; GRANT SELECT ON chain TO PUBLIC; GRANT SELECT ON owned TO PUBLIC; RESET ROLE;
