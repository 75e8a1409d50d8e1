-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TABLE t (a text); CREATE FOREIGN TABLE f () INHERITS (t) SERVER s;
-- new:
CREATE TABLE t (a integer); CREATE FOREIGN TABLE f () INHERITS (t) SERVER s;
-- refused:
let them inherit it only after a change of its own (NO INHERIT, DETACH PARTITION)
