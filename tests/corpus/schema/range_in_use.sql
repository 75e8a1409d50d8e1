-- old:
CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE TABLE t (a r);
-- new:
CREATE TYPE r AS RANGE (SUBTYPE = bigint); CREATE TABLE t (a r);
-- refused:
making the column public.t.a anew, which its type asks for, would lose its values
