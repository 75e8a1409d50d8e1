-- old:
CREATE TABLE t (a text);
-- new:
CREATE EXTENSION hstore; CREATE TABLE t (a text, h hstore); CREATE INDEX t_h ON t USING gin (h);
