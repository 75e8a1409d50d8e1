-- old:
-- new:
CREATE SCHEMA s;
