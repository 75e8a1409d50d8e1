-- old:
CREATE TYPE c AS (a integer, b text); CREATE TABLE t (x c);
-- new:
CREATE TYPE c AS (a bigint, b text); CREATE TABLE t (x c);
-- refused:
no attribute of the type public.c can change while the column public.t.x uses it
