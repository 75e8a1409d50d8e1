-- both:
CREATE TABLE t (b integer);
-- old:
-- new:
ALTER TABLE t ADD a serial;
