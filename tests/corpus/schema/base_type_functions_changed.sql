-- both:
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
-- old:
CREATE FUNCTION b_send(b) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS 'textsend';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, SEND = b_send); CREATE TABLE t (a b);
-- new:
CREATE FUNCTION b_recv(internal) RETURNS b LANGUAGE internal STRICT STABLE AS 'textrecv';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, RECEIVE = b_recv); CREATE TABLE t (a b);
