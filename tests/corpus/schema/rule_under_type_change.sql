-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer); CREATE TABLE log (b bigint);
-- old:
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.b);
-- new:
ALTER TABLE t ALTER b TYPE bigint; CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.b);
