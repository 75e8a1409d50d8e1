-- old:
-- new:
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Mixed Case" text NOT NULL DEFAULT 'x', n numeric(10,2) CHECK (n > 0), UNIQUE (n, "Mixed Case"));
