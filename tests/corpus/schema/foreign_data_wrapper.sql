-- both:
CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw;
-- old:
CREATE FOREIGN DATA WRAPPER w HANDLER postgres_fdw_handler VALIDATOR postgres_fdw_validator; CREATE FOREIGN DATA WRAPPER o OPTIONS (a 'one, two', "B c" 'it''s', d '1'); CREATE FOREIGN DATA WRAPPER gone;
-- new:
CREATE FOREIGN DATA WRAPPER w HANDLER file_fdw_handler; CREATE FOREIGN DATA WRAPPER o OPTIONS (a 'two, one', "B c" 'it''s', e '(2'); CREATE FOREIGN DATA WRAPPER fresh VALIDATOR file_fdw_validator; COMMENT ON FOREIGN DATA WRAPPER o IS 'o'; GRANT USAGE ON FOREIGN DATA WRAPPER o TO woven_anna;
