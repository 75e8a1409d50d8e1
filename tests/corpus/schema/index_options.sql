-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
CREATE INDEX i ON t (b) WITH (fillfactor=50);
-- new:
CREATE INDEX i ON t (b) WITH (fillfactor=60, deduplicate_items=off);
