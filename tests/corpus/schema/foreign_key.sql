-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE o (id integer PRIMARY KEY);
-- old:
-- new:
ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES o;
