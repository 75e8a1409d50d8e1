-- since 18
-- both:
CREATE TABLE k (a integer PRIMARY KEY, b integer);
-- old:
CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT "b is there" NOT NULL, c integer, d integer, e integer CONSTRAINT e_set NOT NULL);
CREATE DOMAIN o AS integer NOT NULL;
-- new:
CREATE TABLE t (a integer CONSTRAINT a_set NOT NULL, b integer NOT NULL, c integer CONSTRAINT "c TO d" NOT NULL, d integer NOT NULL, e integer, f integer CONSTRAINT f_set NOT NULL);
CREATE TABLE n (a integer CONSTRAINT "It" NOT NULL);
CREATE DOMAIN o AS integer CONSTRAINT "o is there" NOT NULL;
CREATE DOMAIN p AS integer CONSTRAINT p_set NOT NULL;
