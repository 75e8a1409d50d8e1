-- old:
CREATE EXTENSION hstore VERSION '1.4'; CREATE TABLE t (a hstore);
-- new:
CREATE EXTENSION hstore; CREATE TABLE t (a hstore);
-- refused back:
it has no script that does, and made anew it would lose the values of public.t.a
