-- both:
-- old:
CREATE TABLE a (x integer DEFAULT 1 PRIMARY KEY, y integer, z text, k boolean);
CREATE VIEW v AS SELECT x, y FROM a;
-- new:
CREATE TABLE a (x uuid DEFAULT gen_random_uuid() PRIMARY KEY, y jsonb, z json, k json);
CREATE VIEW v AS SELECT x, y FROM a;
