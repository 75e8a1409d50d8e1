-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- new:
COMMENT ON TABLE t IS 'it''s one'; COMMENT ON COLUMN t.a IS 'a'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key'; COMMENT ON INDEX t_pkey IS 'the index';
