-- both:
CREATE TABLE a (x integer DEFAULT 1, y integer);
-- old:
CREATE TABLE c (z integer) INHERITS (a);
-- new:
CREATE TABLE c (z integer) INHERITS (a); ALTER TABLE c ALTER x SET DEFAULT 2; ALTER TABLE c ALTER y SET NOT NULL;
