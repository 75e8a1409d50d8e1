-- old:
CREATE TYPE r AS RANGE (SUBTYPE = integer); CREATE TYPE c AS (a integer, r r); CREATE TABLE t (x c);
-- new:
CREATE TYPE r AS RANGE (SUBTYPE = bigint); CREATE TYPE c AS (r r, a integer); CREATE TABLE t (x c);
-- refused:
nothing carries the values of public.t.x over while their attributes change
