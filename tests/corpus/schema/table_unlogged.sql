-- old:
CREATE TABLE t (a integer);
-- The table of a key goes, or only the key does.
CREATE TABLE referenced (a integer PRIMARY KEY); CREATE TABLE z_goes (a integer REFERENCES referenced);
CREATE TABLE z_stays (a integer REFERENCES referenced);
CREATE TABLE a_is_kept (a integer PRIMARY KEY); CREATE TABLE b_is_kept (a integer PRIMARY KEY REFERENCES a_is_kept); CREATE TABLE a_last (a integer PRIMARY KEY REFERENCES b_is_kept);
CREATE UNLOGGED TABLE z_r (id integer PRIMARY KEY); CREATE TABLE a_s (id integer);
-- new:
CREATE UNLOGGED TABLE t (a integer);
CREATE UNLOGGED TABLE referenced (a integer PRIMARY KEY); CREATE TABLE z_stays (a integer);
CREATE UNLOGGED TABLE a_is_kept (a integer PRIMARY KEY); CREATE UNLOGGED TABLE b_is_kept (a integer PRIMARY KEY REFERENCES a_is_kept); CREATE UNLOGGED TABLE a_last (a integer PRIMARY KEY REFERENCES b_is_kept);
CREATE TABLE z_r (id integer PRIMARY KEY); CREATE TABLE a_s (id integer REFERENCES z_r); CREATE TABLE a_n (id integer REFERENCES z_r);
