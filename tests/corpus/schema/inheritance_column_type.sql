-- both:
CREATE TABLE b (y integer);
-- old:
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE a (x integer, k e DEFAULT 'a');
CREATE TABLE c () INHERITS (a, b);
CREATE TABLE d () INHERITS (c);
CREATE VIEW v AS SELECT x, k FROM d;
-- new:
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE a (x bigint, k e DEFAULT 'a');
CREATE TABLE c () INHERITS (a, b);
CREATE TABLE d () INHERITS (c);
CREATE VIEW v AS SELECT x, k FROM d;
