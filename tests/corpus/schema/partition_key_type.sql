-- old:
CREATE TABLE p (b integer, a integer) PARTITION BY RANGE (b, a);
-- new:
CREATE TABLE p (b integer, a bigint) PARTITION BY RANGE (b, a);
-- refused:
the type of public.p.a cannot change: the table is partitioned by it
