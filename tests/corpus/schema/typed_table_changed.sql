-- both:
CREATE TYPE c AS (a integer, b text); CREATE TYPE d AS (a integer, b text);
-- old:
CREATE TABLE t OF c (a NOT NULL); CREATE TABLE u (a integer, b text);
-- new:
CREATE TABLE t OF d (a NOT NULL, b DEFAULT 'x', CHECK (a > 0)); CREATE TABLE u OF c;
