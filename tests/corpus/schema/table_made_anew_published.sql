-- since 15
-- both:
CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION schema_wide FOR TABLES IN SCHEMA public; CREATE TABLE q (a integer) PARTITION BY LIST (a);
-- old:
CREATE TABLE p (id integer PRIMARY KEY, a integer) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE PUBLICATION by_part FOR TABLE p1 (id, a) WHERE (id > 1), q;
ALTER TABLE p OWNER TO woven_anna; CREATE TABLE t (a serial, b text) WITH (fillfactor = 70); ALTER TABLE t OWNER TO woven_anna;
-- new:
CREATE TABLE p (id integer PRIMARY KEY, a bigint) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE PUBLICATION by_part FOR TABLE p1 (id, a) WHERE (id > 1), q;
ALTER TABLE p OWNER TO woven_bert; CREATE TABLE t (a serial, b text) PARTITION BY LIST (b); ALTER TABLE t OWNER TO woven_bert;
