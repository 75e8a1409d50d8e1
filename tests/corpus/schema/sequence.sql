-- old:
CREATE SEQUENCE s;
CREATE SEQUENCE down AS smallint;
CREATE SEQUENCE one; CREATE SEQUENCE two AS smallint; CREATE TABLE swapped (a integer DEFAULT nextval('one'), b smallint DEFAULT nextval('two')); ALTER SEQUENCE one OWNED BY swapped.a;
-- new:
CREATE SEQUENCE s AS integer INCREMENT BY 5 MINVALUE 10 MAXVALUE 1000 START WITH 20 CACHE 4 CYCLE;
CREATE SEQUENCE down AS integer INCREMENT BY -1;
CREATE SEQUENCE one CACHE 4; CREATE SEQUENCE two AS integer; CREATE TABLE swapped (a bigint DEFAULT nextval('two'), b integer DEFAULT nextval('one')); ALTER SEQUENCE one OWNED BY swapped.b; ALTER SEQUENCE two OWNED BY swapped.a;
