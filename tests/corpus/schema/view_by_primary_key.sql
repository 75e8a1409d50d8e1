-- both:
CREATE TABLE t (id integer, a text);
-- old:
ALTER TABLE t ADD PRIMARY KEY (id); CREATE VIEW v AS SELECT id, a, count(*) FROM t GROUP BY id;
-- new:
