-- old:
-- new:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring, oid, integer) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'varcharin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'varcharout';
CREATE FUNCTION b_recv(internal, oid, integer) RETURNS b LANGUAGE internal STRICT STABLE AS 'varcharrecv';
CREATE FUNCTION b_send(b) RETURNS bytea LANGUAGE internal STRICT STABLE AS 'varcharsend';
CREATE FUNCTION b_tin(cstring[]) RETURNS integer LANGUAGE internal STRICT IMMUTABLE AS 'varchartypmodin';
CREATE FUNCTION b_tout(integer) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'varchartypmodout';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, RECEIVE = b_recv, SEND = b_send, TYPMOD_IN = b_tin, TYPMOD_OUT = b_tout, STORAGE = extended);
CREATE CAST (b AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE TABLE t (a b(20));
