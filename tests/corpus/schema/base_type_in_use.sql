-- both:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
-- old:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out);
CREATE DOMAIN d AS b; CREATE TABLE t (a d);
-- new:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, DEFAULT = 'q');
CREATE DOMAIN d AS b; CREATE TABLE t (a d);
-- refused:
making the column public.t.a anew, which its type asks for, would lose its values
