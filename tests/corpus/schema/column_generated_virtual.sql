-- since 18
-- both:
CREATE TABLE k (a integer);
-- old:
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) VIRTUAL, c integer GENERATED ALWAYS AS (a * 2) STORED, d integer GENERATED ALWAYS AS (a) VIRTUAL);
-- new:
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 2) VIRTUAL, c integer GENERATED ALWAYS AS (a * 2) VIRTUAL, e integer GENERATED ALWAYS AS (a - 1));
CREATE TABLE n (a integer, b integer GENERATED ALWAYS AS (a + 1) VIRTUAL);
