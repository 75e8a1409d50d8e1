-- old:
CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE TABLE p (r r, a integer) PARTITION BY LIST (r);
-- new:
CREATE TYPE r AS RANGE (SUBTYPE = bigint); CREATE TABLE p (r r, a integer) PARTITION BY LIST (r);
-- refused:
the table public.p cannot be made anew together with the type of its column r, which cannot be there twice
