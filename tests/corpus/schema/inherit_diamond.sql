-- old:
CREATE TABLE a (x integer);
CREATE TABLE b1 () INHERITS (a);
CREATE TABLE b2 () INHERITS (a);
CREATE TABLE c () INHERITS (b1, b2);
-- new:
CREATE TABLE a (x integer, y integer);
CREATE TABLE b1 () INHERITS (a);
CREATE TABLE b2 () INHERITS (a);
CREATE TABLE c () INHERITS (b1, b2);
