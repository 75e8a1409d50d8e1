-- old:
CREATE TABLE t (a integer, b integer); CREATE TABLE u (a integer); CREATE SEQUENCE q OWNED BY t.a; CREATE SEQUENCE r OWNED BY u.a; CREATE SEQUENCE s OWNED BY u.a;
-- The name goes over to a view.
CREATE TABLE counted (id bigint, number bigint);
CREATE SEQUENCE counted_number OWNED BY counted.number;
-- Another heir takes it over, whose table comes when the whole is done, which waits until the old heir is gone.
CREATE TABLE whole (kind text);
CREATE TABLE first_heir (id serial) INHERITS (whole);
-- new:
CREATE TABLE whole (kind varchar(9));
CREATE TABLE second_heir (id integer NOT NULL) INHERITS (whole);
CREATE SEQUENCE first_heir_id_seq AS integer OWNED BY second_heir.id;
ALTER TABLE second_heir ALTER id SET DEFAULT nextval('first_heir_id_seq');
CREATE TABLE counted (id bigint);
CREATE VIEW counted_number AS SELECT id FROM counted;
CREATE TABLE t (b integer); CREATE SEQUENCE q; CREATE SEQUENCE r OWNED BY t.b;
