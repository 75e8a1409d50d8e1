-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TABLE p (a integer); CREATE FOREIGN TABLE f () INHERITS (p) SERVER s; CREATE TABLE u (x p);
-- new:
CREATE TABLE p (a bigint); CREATE FOREIGN TABLE f () INHERITS (p) SERVER s; CREATE TABLE u (x p);
-- refused:
the type of public.f.a cannot change while its parents do
