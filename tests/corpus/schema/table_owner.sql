-- both:
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer);
-- old:
-- The owner, what the table is told by, and a column that somebody has a privilege on, all at once.
CREATE TABLE all_at_once (a integer PRIMARY KEY, b text); GRANT REFERENCES (b) ON all_at_once TO woven_bert; CREATE INDEX all_b ON all_at_once (lower(b));
-- new:
ALTER TABLE t OWNER TO woven_anna;
CREATE TABLE all_at_once (a integer PRIMARY KEY); ALTER TABLE all_at_once REPLICA IDENTITY USING INDEX all_at_once_pkey; ALTER TABLE all_at_once OWNER TO woven_anna;
