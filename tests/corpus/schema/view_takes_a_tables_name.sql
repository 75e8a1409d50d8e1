-- old:
CREATE TABLE x (a integer);
-- new:
CREATE TABLE y (a integer); CREATE VIEW x AS SELECT a FROM y;
