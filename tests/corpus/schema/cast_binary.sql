-- old:
-- new:
CREATE CAST (integer AS date) WITHOUT FUNCTION;
