-- since 15
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE u (id integer PRIMARY KEY); CREATE SCHEMA s; CREATE TABLE s.x (id integer PRIMARY KEY); ALTER TABLE t ADD c boolean;
-- old:
CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (id > 1), u; CREATE PUBLICATION q FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR TABLE t WHERE (id = 2), s.x; CREATE PUBLICATION q FOR TABLE t (b, id) WHERE (id IN (1, 2));
