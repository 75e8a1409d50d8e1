-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE SEQUENCE s;
CREATE TABLE d (a integer DEFAULT 1, b varchar(9) DEFAULT 'x' COLLATE "C", c integer DEFAULT 7, d text DEFAULT 'false',
                e smallint DEFAULT -1, f bigint DEFAULT nextval('s'), g char(3) DEFAULT 'abc', h numeric(8,2) DEFAULT 1.5);
-- new:
CREATE SEQUENCE s;
CREATE TABLE d (a bigint DEFAULT 1, b text DEFAULT 'x', c text DEFAULT '7', d boolean DEFAULT false,
                e numeric DEFAULT -1, f integer DEFAULT nextval('s'), g varchar(3) DEFAULT 'abc', h real DEFAULT 1.5);
ALTER TABLE t ALTER b TYPE bigint; ALTER TABLE t ALTER a TYPE varchar(40);
