-- both:
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE TABLE u (a integer NOT NULL, b integer NOT NULL);
-- old:
ALTER TABLE t ADD PRIMARY KEY (a);
ALTER TABLE u ADD CONSTRAINT named_otherwise PRIMARY KEY (a);
-- new:
ALTER TABLE t ADD PRIMARY KEY (a, b);
ALTER TABLE u ADD PRIMARY KEY (b);
