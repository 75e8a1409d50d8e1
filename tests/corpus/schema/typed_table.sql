-- both:
CREATE TYPE c AS (a integer, b text);
-- old:
-- new:
CREATE TABLE t OF c (a NOT NULL, b DEFAULT 'x', PRIMARY KEY (a));
