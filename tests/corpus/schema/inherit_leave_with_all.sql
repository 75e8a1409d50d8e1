-- both:
CREATE TABLE a (x integer NOT NULL DEFAULT 4, y integer, CONSTRAINT cx CHECK (x > 0), CONSTRAINT cy CHECK (y > 0));
-- old:
CREATE TABLE c (z integer) INHERITS (a);
-- new:
CREATE TABLE c (z integer, x integer, CONSTRAINT cx CHECK (x > 0));
