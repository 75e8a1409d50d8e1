-- both:
CREATE TABLE a (x integer, w text, CONSTRAINT ca CHECK (x > 0)); CREATE TABLE b (x integer, w text, v integer DEFAULT 7 NOT NULL, g integer GENERATED ALWAYS AS (x + 1) STORED, CONSTRAINT ca CHECK (x > 0), CONSTRAINT cb CHECK (v > 0));
CREATE TABLE m (x integer);
CREATE TABLE noted (class integer, said text);
CREATE TABLE classes (id integer PRIMARY KEY);
-- old:
-- A table goes from nobody to a parent, whose column its own constraints are about.
CREATE TABLE loner (class integer);
ALTER TABLE loner DROP class;
CREATE TABLE c1 () INHERITS (a); CREATE TABLE c2 () INHERITS (a, b, m); CREATE TABLE c3 (z integer);
CREATE TABLE d (x integer); CREATE TABLE e () INHERITS (d); CREATE TABLE f () INHERITS (e);
CREATE TABLE h (x integer, w text, q integer, CONSTRAINT ca CHECK (x > 0)) INHERITS (a); CREATE VIEW v AS SELECT * FROM h;
CREATE TABLE l (x integer, y integer); CREATE TABLE l1 () INHERITS (l); CREATE TABLE l2 (x integer, y integer) INHERITS (l);
-- new:
CREATE TABLE c1 () INHERITS (b); CREATE TABLE c2 () INHERITS (m, b, a); CREATE TABLE c3 (z bigint, x integer, w text DEFAULT 'w') INHERITS (a, m);
CREATE TABLE d (x integer, y integer DEFAULT 1, CONSTRAINT dy CHECK (y > 0)); CREATE TABLE e (y integer DEFAULT 2, CONSTRAINT dy CHECK (y > 0)) INHERITS (d); CREATE TABLE f () INHERITS (e);
CREATE TABLE n (q integer, r text); CREATE TABLE h (x integer, q integer, CONSTRAINT ca CHECK (x > 0)) INHERITS (m, n); CREATE VIEW v AS SELECT q FROM h;
CREATE TABLE l (x integer); CREATE TABLE l1 () INHERITS (l); CREATE TABLE l2 (x integer, y integer);
CREATE TABLE loner (CHECK (class > 0), UNIQUE (class), FOREIGN KEY (class) REFERENCES classes) INHERITS (noted);
