-- old:
CREATE TABLE t (a integer);
-- The table of a key goes, or only the key does.
CREATE TABLE referenced (a integer PRIMARY KEY); CREATE TABLE z_goes (a integer REFERENCES referenced);
CREATE TABLE z_stays (a integer REFERENCES referenced);
-- new:
CREATE UNLOGGED TABLE t (a integer);
CREATE UNLOGGED TABLE referenced (a integer PRIMARY KEY); CREATE TABLE z_stays (a integer);
