-- old:
CREATE TABLE t (a integer, b integer); CREATE TABLE u (a integer); CREATE SEQUENCE q OWNED BY t.a; CREATE SEQUENCE r OWNED BY u.a; CREATE SEQUENCE s OWNED BY u.a;
-- The name goes over to a view.
CREATE TABLE counted (id bigint, number bigint);
CREATE SEQUENCE counted_number OWNED BY counted.number;
-- new:
CREATE TABLE counted (id bigint);
CREATE VIEW counted_number AS SELECT id FROM counted;
CREATE TABLE t (b integer); CREATE SEQUENCE q; CREATE SEQUENCE r OWNED BY t.b;
