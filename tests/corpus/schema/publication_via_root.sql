-- since 15
-- both:
CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE q (a integer, b integer) PARTITION BY LIST (a); CREATE TABLE t (a integer, b integer); CREATE SCHEMA s; CREATE TABLE s.t (a integer);
-- old:
CREATE PUBLICATION x FOR TABLE p (a), q WHERE (a > 1), t (a) WHERE (a > 2) WITH (publish = 'insert', publish_via_partition_root = true); CREATE PUBLICATION y FOR TABLE t (a);
-- new:
CREATE PUBLICATION x FOR TABLE p, q, t (a) WHERE (a > 2) WITH (publish = 'insert', publish_via_partition_root = false); CREATE PUBLICATION y FOR TABLE t, TABLES IN SCHEMA s;
