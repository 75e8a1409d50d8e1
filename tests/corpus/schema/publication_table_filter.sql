-- since 15
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE u (id integer PRIMARY KEY); CREATE SCHEMA s; CREATE TABLE s.x (id integer PRIMARY KEY); ALTER TABLE t ADD c boolean;
-- old:
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
-- new:
CREATE PUBLICATION p FOR TABLE t WHERE (c) WITH (publish = 'insert');
