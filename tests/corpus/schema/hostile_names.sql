-- old:
-- new:
CREATE SCHEMA "a.b"; CREATE TABLE "a.b"."T ""x"", y" ("c, d" integer DEFAULT 1, "e'f" text, CONSTRAINT "k (1)" PRIMARY KEY ("c, d")); CREATE INDEX "i ON x" ON "a.b"."T ""x"", y" (lower("e'f")) WHERE "c, d" > 0; COMMENT ON COLUMN "a.b"."T ""x"", y"."e'f" IS 'it''s \\ "q"'; GRANT SELECT ("c, d") ON "a.b"."T ""x"", y" TO woven_anna; CREATE VIEW "a.b"."v$" AS SELECT "c, d" FROM "a.b"."T ""x"", y"; CREATE TYPE "a.b"."E," AS ENUM ('a, b', 'c''d');
