-- both:
CREATE SCHEMA e; CREATE EXTENSION hstore;
-- old:
-- new:
ALTER EXTENSION hstore SET SCHEMA e;
