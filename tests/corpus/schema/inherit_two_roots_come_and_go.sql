-- old:
-- Tables that one table inherits from before the change, or after it, or in another order, change by themselves.
CREATE TABLE a (x integer, own integer, CONSTRAINT k CHECK (x > 0)); CREATE TABLE b (x integer, CONSTRAINT k CHECK (x > 0));
CREATE TABLE goes () INHERITS (a, b); CREATE TABLE leaves () INHERITS (a, b);
CREATE TABLE d (x integer); CREATE TABLE e (x integer); CREATE TABLE joins () INHERITS (d); CREATE TABLE f (x integer);
CREATE TABLE r (x integer); CREATE TABLE s (x integer); CREATE TABLE gone () INHERITS (r, s);
-- new:
CREATE TABLE a (x bigint, own integer, CONSTRAINT k CHECK (x > 0)); CREATE TABLE b (x integer, CONSTRAINT k CHECK (x > 0));
CREATE TABLE leaves () INHERITS (a);
CREATE TABLE d (x bigint); CREATE TABLE e (x bigint); CREATE TABLE joins () INHERITS (d, e); CREATE TABLE f (x bigint); CREATE TABLE comes () INHERITS (f, d);
CREATE TABLE r (x integer); CREATE TABLE s (x bigint);
