-- since 14
-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- Rows that meet one which is there need all columns of its table.
CREATE TABLE k (id integer PRIMARY KEY, a text, gone integer);
CREATE PROCEDURE up() BEGIN ATOMIC INSERT INTO k (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = EXCLUDED.a; DELETE FROM k WHERE gone IS NULL; END;
CREATE RULE up AS ON INSERT TO t DO ALSO INSERT INTO k (id, gone) VALUES (NEW.id, 1) ON CONFLICT (id) DO UPDATE SET gone = EXCLUDED.gone;
-- new:
CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT count(b) FROM t; END;
CREATE TABLE k (id integer PRIMARY KEY, a text, come integer);
CREATE PROCEDURE up() BEGIN ATOMIC INSERT INTO k (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = EXCLUDED.a; DELETE FROM k WHERE come IS NULL; END;
CREATE RULE up AS ON INSERT TO t DO ALSO INSERT INTO k (id, come) VALUES (NEW.id, 1) ON CONFLICT (id) DO UPDATE SET come = EXCLUDED.come;
