-- since 18
-- both:
CREATE TABLE t (a int4range, b daterange, c int4range);
CREATE TABLE u (a int4range, b daterange, PRIMARY KEY (a, b WITHOUT OVERLAPS));
CREATE TABLE f (a int4range, b daterange);
-- old:
-- new:
ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, b WITHOUT OVERLAPS);
ALTER TABLE t ADD CONSTRAINT l UNIQUE (c, b WITHOUT OVERLAPS);
ALTER TABLE f ADD CONSTRAINT f_fkey FOREIGN KEY (a, PERIOD b) REFERENCES u (a, PERIOD b);
CREATE TABLE n (a int4range, b daterange, PRIMARY KEY (a, b WITHOUT OVERLAPS));
