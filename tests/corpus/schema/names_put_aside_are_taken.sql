-- both:
CREATE TYPE e_old AS ENUM ('x'); CREATE TABLE "i_new" (a integer); CREATE SEQUENCE s_a_seq_old; CREATE SEQUENCE s_a_seq_old2;
CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_old (a integer);
-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE s (a serial, e e); CREATE INDEX i ON s (a); CREATE INDEX aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ON s (a);
CREATE TYPE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS ENUM ('a', 'b');
CREATE TABLE bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (c serial, d serial, e aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa);
-- new:
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE s (a integer GENERATED ALWAYS AS IDENTITY, e e); CREATE INDEX i ON s (e); CREATE INDEX aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ON s (e);
CREATE TYPE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS ENUM ('b', 'a');
CREATE TABLE bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (c integer GENERATED ALWAYS AS IDENTITY, d integer GENERATED ALWAYS AS IDENTITY, e aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa);
