-- old:
-- new:
CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t ON DELETE CASCADE);
