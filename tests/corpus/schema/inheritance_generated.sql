-- until 15
-- both:
CREATE TABLE a (x integer, y integer GENERATED ALWAYS AS (x + 1) STORED);
CREATE TABLE b (x integer, y integer);
-- old:
-- new:
CREATE TABLE c (x integer, y integer) INHERITS (a);
CREATE TABLE d (y integer GENERATED ALWAYS AS (x + 2) STORED) INHERITS (b);
