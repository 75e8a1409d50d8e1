-- old:
CREATE TABLE t (a varchar(10), n numeric(8,2));
-- new:
CREATE TABLE t (a varchar(20), n numeric(10,2));
