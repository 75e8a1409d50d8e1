-- old:
-- new:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de', DETERMINISTIC = false); CREATE TABLE t (a text COLLATE c);
