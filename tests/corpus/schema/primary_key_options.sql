-- both:
CREATE TABLE t (a integer NOT NULL);
-- old:
ALTER TABLE t ADD PRIMARY KEY (a);
-- new:
ALTER TABLE t ADD PRIMARY KEY (a) WITH (fillfactor=50);
