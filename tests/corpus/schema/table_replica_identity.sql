-- old:
CREATE TABLE t (a integer);
-- new:
CREATE TABLE t (a integer); ALTER TABLE t REPLICA IDENTITY FULL;
