-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- new:
ALTER TABLE t ADD c timestamptz DEFAULT now(), ADD d integer NOT NULL DEFAULT 0, ADD e text;
