-- both:
CREATE TABLE a (x integer, CONSTRAINT cx CHECK (x > 0));
-- old:
CREATE TABLE c (z integer) INHERITS (a);
CREATE TABLE up (a integer, CONSTRAINT d CHECK (a > 0)); CREATE TABLE mid () INHERITS (up); CREATE TABLE low (CONSTRAINT c CHECK (a > 1)) INHERITS (mid);
-- new:
CREATE TABLE c (z integer, CONSTRAINT cx CHECK (x > 0)) INHERITS (a);
CREATE TABLE up (a integer, CONSTRAINT c CHECK (a > 2)); CREATE TABLE mid (CONSTRAINT d CHECK (a > 3)) INHERITS (up); CREATE TABLE low () INHERITS (mid);
