-- both:
CREATE TABLE a (x integer); CREATE TABLE c (z integer) INHERITS (a);
-- old:
CREATE TABLE counted (x integer); CREATE TABLE of_counted () INHERITS (counted); CREATE TABLE gone () INHERITS (counted);
-- new:
ALTER TABLE a ADD y text; ALTER TABLE a ADD CHECK (x > 0);
CREATE TABLE counted (x integer, id integer GENERATED ALWAYS AS IDENTITY); CREATE TABLE of_counted () INHERITS (counted);
