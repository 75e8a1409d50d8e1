-- since 18
-- both:
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED);
-- old:
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored);
CREATE PUBLICATION q FOR ALL TABLES WITH (publish_generated_columns = stored);
