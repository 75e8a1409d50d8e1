-- old:
CREATE TYPE gone;
-- new:
CREATE SCHEMA "x y"; CREATE TYPE "x y"."T t";
