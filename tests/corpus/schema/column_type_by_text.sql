-- both:
-- old:
CREATE TABLE a (x integer DEFAULT 1 PRIMARY KEY, y integer, z text, k boolean);
CREATE VIEW v AS SELECT x, y FROM a;
-- Nothing but text leads from one to the other.
CREATE TYPE e AS ENUM ('x'); CREATE TYPE c AS (a e[]);
CREATE TABLE odd (a timestamptz, b e[], c boolean, d integer[], e e, f bit(3), g inet, h c, i point);
CREATE TABLE l (a text, b integer); CREATE INDEX l_a ON l (lower(a), b);
-- new:
CREATE TABLE a (x uuid DEFAULT gen_random_uuid() PRIMARY KEY, y jsonb, z json, k json);
CREATE VIEW v AS SELECT x, y FROM a;
CREATE TYPE e AS ENUM ('x'); CREATE TYPE c AS (a integer);
CREATE TABLE odd (a integer, b integer, c integer, d integer, e boolean, f integer, g date, h c, i box);
CREATE TABLE l (a uuid, b integer); CREATE INDEX l_a ON l (a, b);
