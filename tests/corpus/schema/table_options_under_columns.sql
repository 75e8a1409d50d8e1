-- old:
CREATE TABLE t (a integer); CREATE TABLE g (a integer, c varchar(10)); CREATE TABLE k (a text, b integer) WITH (toast.autovacuum_enabled = false);
CREATE TABLE s (a text); ALTER TABLE s ALTER a SET STORAGE PLAIN; CREATE TYPE c AS (a integer); CREATE TABLE y OF c;
CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT WITH (user_catalog_table = true);
CREATE TABLE b (a integer); CREATE TABLE h () INHERITS (b) WITH (user_catalog_table = true); CREATE TABLE m (a integer);
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE d AS (x integer);
CREATE TABLE u (a integer) WITH (user_catalog_table = true); CREATE TABLE v (a e, b e[]) WITH (user_catalog_table = true, toast.autovacuum_enabled = false);
CREATE TABLE w (a integer, b text) WITH (fillfactor = 60, user_catalog_table = true); CREATE TABLE z OF d WITH (user_catalog_table = true); CREATE TABLE n (a integer) WITH (user_catalog_table = true);
-- new:
CREATE TABLE t (a integer, b text) WITH (toast.autovacuum_enabled = false, fillfactor = 70); CREATE TABLE g (a text, c varchar(10)) WITH (toast.autovacuum_enabled = false); CREATE TABLE k (a integer, b text) WITH (toast.autovacuum_enabled = false);
CREATE TABLE s (a text) WITH (toast.autovacuum_enabled = false); CREATE TYPE c AS (a integer, b text); CREATE TABLE y OF c WITH (toast.autovacuum_enabled = false);
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT WITH (user_catalog_table = true, toast.autovacuum_enabled = false);
CREATE TABLE b (a bigint, c text) WITH (toast.autovacuum_enabled = true); CREATE TABLE h () INHERITS (b) WITH (user_catalog_table = true, toast.autovacuum_enabled = false); CREATE TABLE m (a integer, b text) PARTITION BY LIST (a); CREATE TABLE m1 PARTITION OF m DEFAULT WITH (toast.autovacuum_enabled = false);
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TYPE d AS (x bigint);
CREATE UNLOGGED TABLE u (a integer) WITH (user_catalog_table = true); CREATE TABLE v (a e, b e[]) WITH (user_catalog_table = true, toast.autovacuum_enabled = false);
CREATE TABLE w (a bigint, b varchar(10)) WITH (fillfactor = 70); CREATE TABLE z OF d WITH (user_catalog_table = true); CREATE TABLE n (a integer, b float DEFAULT random(), c integer GENERATED ALWAYS AS IDENTITY) WITH (user_catalog_table = true);
