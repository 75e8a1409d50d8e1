-- old:
CREATE TABLE p (b integer, a integer) PARTITION BY RANGE (b);
CREATE TABLE q PARTITION OF p DEFAULT PARTITION BY RANGE (b, a);
-- new:
CREATE TABLE p (b integer, a bigint) PARTITION BY RANGE (b);
CREATE TABLE q PARTITION OF p DEFAULT PARTITION BY RANGE (b, a);
-- refused:
the type of public.q.a cannot change: the table is partitioned by it
