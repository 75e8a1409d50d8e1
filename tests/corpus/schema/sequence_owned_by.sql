-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE SEQUENCE s;
-- old:
-- new:
ALTER SEQUENCE s OWNED BY t.b;
