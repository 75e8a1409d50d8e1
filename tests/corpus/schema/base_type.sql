-- both:
CREATE TYPE b; CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textin'; CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout'; CREATE FUNCTION b_send(b) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS 'textsend'; CREATE FUNCTION b_recv(internal) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textrecv'; CREATE FUNCTION b_tin(cstring[]) RETURNS integer LANGUAGE internal STRICT IMMUTABLE AS 'varchartypmodin';
-- old:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, SEND = b_send, STORAGE = extended); CREATE DOMAIN d AS b; CREATE TABLE t (a b, e d, f b[]); CREATE TABLE own (a b); ALTER TABLE own ALTER a SET STORAGE MAIN;
-- new:
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, RECEIVE = b_recv, STORAGE = external, TYPMOD_IN = b_tin, ANALYZE = array_typanalyze); CREATE DOMAIN d AS b; CREATE TABLE t (a b, e d, f b[]); CREATE TABLE own (a b); ALTER TABLE own ALTER a SET STORAGE MAIN;
