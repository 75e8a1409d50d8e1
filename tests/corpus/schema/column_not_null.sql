-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE TABLE c (a integer, b integer, c integer, d integer, e integer CHECK (e IS NOT NULL), f integer, g varchar(9), CONSTRAINT stays CHECK (a IS NOT NULL), CONSTRAINT goes CHECK (b IS NOT NULL), CONSTRAINT changes CHECK (c IS NOT NULL));
ALTER TABLE c ADD CONSTRAINT unproven CHECK (d IS NOT NULL) NOT VALID, ADD CONSTRAINT validated CHECK (f IS NOT NULL) NOT VALID;
-- new:
ALTER TABLE t ALTER a SET NOT NULL;
CREATE TABLE c (a integer NOT NULL, b integer NOT NULL, c integer NOT NULL, d integer NOT NULL, e integer CHECK (e IS NOT NULL), f integer NOT NULL, g text NOT NULL, CONSTRAINT stays CHECK (a IS NOT NULL), CONSTRAINT changes CHECK (c > 0), CONSTRAINT comes CHECK (g IS NOT NULL));
ALTER TABLE c ADD CONSTRAINT unproven CHECK (d IS NOT NULL) NOT VALID, ADD CONSTRAINT validated CHECK (f IS NOT NULL);
