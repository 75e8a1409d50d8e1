-- both:
-- Columns and checks that heirs have from tables which have no common ancestor: the server changes those in all at once only.
CREATE TABLE first (f integer); CREATE TABLE noted (note text);
-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE r AS RANGE (SUBTYPE = integer);
CREATE TABLE a (x integer DEFAULT 1 NOT NULL, w varchar(10) COLLATE "C", own integer, k e DEFAULT 'a', ks e[], going text, CONSTRAINT positive CHECK (x > 0), CONSTRAINT leaves CHECK (own > 1)) INHERITS (noted);
CREATE TABLE b (x integer, w varchar(10) COLLATE "C", k e, ks e[], going text, must integer, may integer NOT NULL, CONSTRAINT positive CHECK (x > 0), CONSTRAINT sure CHECK (x <> 7), CONSTRAINT both_go CHECK (may > 0));
CREATE TABLE z (k e, k2 e, rr r, must integer, may integer NOT NULL, CONSTRAINT both_go CHECK (may > 0));
CREATE TABLE c (c integer) INHERITS (a, first, b); CREATE TABLE d () INHERITS (c, b); CREATE TABLE g () INHERITS (z, b); CREATE TABLE h (x integer) INHERITS (a, b);
CREATE TABLE y (rr r, q integer); CREATE TABLE y1 () INHERITS (z, y);
CREATE INDEX c_x ON c (x); CREATE INDEX d_w ON d (upper(w)); CREATE VIEW v AS SELECT x, w, k FROM c; ALTER TABLE c ALTER x SET DEFAULT 5; ALTER TABLE d ALTER w SET STORAGE EXTERNAL;
CREATE TABLE ga (i integer, n integer GENERATED ALWAYS AS (i + 1) STORED, t integer GENERATED ALWAYS AS (i + 1) STORED); CREATE TABLE gb (i integer, n integer GENERATED ALWAYS AS (i + 1) STORED, t integer GENERATED ALWAYS AS (i + 1) STORED); CREATE TABLE gc () INHERITS (ga, gb);
CREATE TABLE ha (i integer, n integer GENERATED ALWAYS AS (i + 1) STORED); CREATE TABLE hb () INHERITS (ha); CREATE TABLE pa (i integer, n integer GENERATED ALWAYS AS (i + 1) STORED) PARTITION BY LIST (i); CREATE TABLE pb PARTITION OF pa DEFAULT;
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TYPE r AS RANGE (SUBTYPE = bigint);
CREATE TABLE a (x bigint DEFAULT 1 NOT NULL, w text COLLATE "C", own bigint, k e DEFAULT 'a', ks e[], came integer DEFAULT 3, CONSTRAINT positive CHECK (x > 0), CONSTRAINT comes CHECK (came > 1)) INHERITS (noted);
CREATE TABLE b (x bigint, w text COLLATE "C", k e, ks e[], came integer DEFAULT 3, must integer NOT NULL, may integer, CONSTRAINT positive CHECK (x > 0), CONSTRAINT sure CHECK (x <> 7), CONSTRAINT comes CHECK (came > 1));
CREATE TABLE z (k e, k2 e, rr r, must integer NOT NULL, may integer);
CREATE TABLE c (c integer) INHERITS (a, first, b); CREATE TABLE d () INHERITS (c, b); CREATE TABLE g () INHERITS (z, b); CREATE TABLE h (x bigint) INHERITS (a, b);
CREATE TABLE y (rr r, q integer); CREATE TABLE y1 () INHERITS (z, y);
CREATE INDEX c_x ON c (x); CREATE INDEX d_w ON d (upper(w)); CREATE VIEW v AS SELECT x, w, k FROM c; ALTER TABLE c ALTER x SET DEFAULT 5; ALTER TABLE d ALTER w SET STORAGE EXTERNAL;
CREATE TABLE ga (i integer, n integer, t bigint GENERATED ALWAYS AS (i + 1) STORED); CREATE TABLE gb (i integer, n integer, t bigint GENERATED ALWAYS AS (i + 1) STORED); CREATE TABLE gc () INHERITS (ga, gb);
CREATE TABLE ha (i integer, n integer); CREATE TABLE hb () INHERITS (ha); CREATE TABLE pa (i integer, n integer) PARTITION BY LIST (i); CREATE TABLE pb PARTITION OF pa DEFAULT;
