-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE o (b integer);
-- old:
CREATE UNIQUE INDEX i ON t (b); ALTER TABLE o ADD FOREIGN KEY (b) REFERENCES t (b);
-- new:
CREATE UNIQUE INDEX i ON t (b) INCLUDE (a); ALTER TABLE o ADD FOREIGN KEY (b) REFERENCES t (b);
