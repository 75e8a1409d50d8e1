-- old:
CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE u (x p[]);
-- new:
CREATE TABLE p (a integer) PARTITION BY RANGE (a); CREATE TABLE u (x p[]);
-- refused:
the table public.p cannot be made anew: other columns have rows of it as values
