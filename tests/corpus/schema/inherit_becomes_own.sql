-- both:
CREATE TABLE a (x integer, w text COLLATE "C", g integer GENERATED ALWAYS AS (x + 1) STORED);
-- old:
CREATE TABLE c () INHERITS (a); CREATE TABLE d () INHERITS (c);
-- new:
CREATE TABLE c (x integer, w text COLLATE "C", g integer) INHERITS (a); CREATE TABLE d (w text COLLATE "C") INHERITS (c);
