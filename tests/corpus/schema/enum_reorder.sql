-- old:
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'a', l e[]); CREATE INDEX t_a ON t (a); CREATE VIEW v AS SELECT a FROM t WHERE a > 'a';
-- new:
CREATE TYPE e AS ENUM ('b', 'a', 'c'); CREATE TABLE t (a e DEFAULT 'a', l e[]); CREATE INDEX t_a ON t (a); CREATE VIEW v AS SELECT a FROM t WHERE a > 'a';
