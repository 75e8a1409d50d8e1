-- both:
CREATE TABLE a (x integer, CONSTRAINT cx CHECK (x > 0));
-- old:
CREATE TABLE c (z integer) INHERITS (a);
-- new:
CREATE TABLE c (z integer, CONSTRAINT cx CHECK (x > 0)) INHERITS (a);
-- refused back:
the constraint cx of public.c would be inherited and no more its table's own
