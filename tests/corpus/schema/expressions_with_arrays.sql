-- since 14
-- both:
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- old:
CREATE TABLE t (a varchar(9), b char(3), n numeric, m mood);
-- new:
CREATE DOMAIN d AS varchar CHECK (VALUE IN ('a', 'it''s ]'));
CREATE TABLE t (a varchar(9), b char(3), n numeric, m mood, CHECK (a IN ('b', 'a')), CHECK (a IN (NULL, 'b')), CHECK (a NOT IN ('x', 'y')), CHECK (b IN ('p', 'q')),
    CHECK (n IN (1, 2.5)), CHECK (m IN ('sad', 'ok')), CHECK (a LIKE ANY (ARRAY['a%', 'b%'])), CHECK (a = ANY ('{q,r}')), CHECK (m::text IN ('sad')));
CREATE INDEX i ON t (b) WHERE a IN ('b', 'a');
CREATE VIEW v AS SELECT CASE WHEN a IN ('p', 'q') THEN 1 END AS x, ARRAY['a'::varchar, a]::text[] AS y FROM t WHERE m = ANY (ARRAY['ok'::mood]) AND a IN ('(ARRAY[', 'c');
ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a IN ('u', 'v')) WITH CHECK (a NOT IN ('w', ''));
CREATE FUNCTION f(x varchar) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT x IN ('g', 'h'); END;
CREATE RULE r AS ON UPDATE TO t WHERE new.a IN ('j', 'k') DO ALSO NOTHING;
CREATE TABLE g (a varchar, b boolean GENERATED ALWAYS AS (a IN ('l', 'm')) STORED, c text DEFAULT ARRAY['x'::varchar]::text[]);
