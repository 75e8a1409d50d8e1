-- old:
CREATE TABLE a (x integer);
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (z integer) INHERITS (b);
-- new:
CREATE TABLE a (x bigint, n text DEFAULT 'n' NOT NULL, CHECK (n <> ''));
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (z integer) INHERITS (b);
