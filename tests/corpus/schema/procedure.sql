-- old:
-- new:
CREATE PROCEDURE p(INOUT a integer) LANGUAGE plpgsql AS 'BEGIN a := 1; END'; COMMENT ON PROCEDURE p IS 'p';
