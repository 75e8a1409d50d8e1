-- old:
CREATE TABLE x (a integer);
CREATE TYPE i AS (a integer); CREATE TABLE t (a integer); CREATE INDEX c ON t (a); CREATE SEQUENCE s; CREATE VIEW w AS SELECT 1 AS a;
-- new:
CREATE TABLE y (a integer); CREATE VIEW x AS SELECT a FROM y;
CREATE TYPE c AS (a integer); CREATE TABLE t (a integer); CREATE INDEX i ON t (a); CREATE VIEW s AS SELECT 1 AS a; CREATE SEQUENCE w;
