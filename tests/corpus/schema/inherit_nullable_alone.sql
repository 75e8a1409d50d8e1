-- until 17
-- both:
-- old:
-- new:
CREATE TABLE strict (x integer NOT NULL); CREATE TABLE lax () INHERITS (strict); ALTER TABLE lax ALTER x DROP NOT NULL;
