-- both:
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES IN (1) SERVER s;
-- new:
CREATE TABLE p (a integer) PARTITION BY RANGE (a); CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES FROM (1) TO (2) SERVER s;
-- refused:
the table public.p cannot be made anew: the foreign table public.f, whose rows nothing here can copy, is a part of it
