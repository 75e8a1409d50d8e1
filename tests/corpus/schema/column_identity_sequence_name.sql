-- old:
CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY);
-- A column of another name, as a rename leaves it.
CREATE TABLE named (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- new:
CREATE TABLE named (number integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME named_id_seq) PRIMARY KEY);
CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "My Seq"));
