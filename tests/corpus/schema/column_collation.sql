-- old:
CREATE TABLE t (a text);
-- new:
CREATE TABLE t (a text COLLATE "C");
