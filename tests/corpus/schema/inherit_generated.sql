-- old:
CREATE TABLE a (x integer, y integer GENERATED ALWAYS AS (x + 1) STORED);
CREATE TABLE c () INHERITS (a);
-- new:
CREATE TABLE a (x integer, y integer GENERATED ALWAYS AS (x + 2) STORED);
CREATE TABLE c () INHERITS (a);
