-- old:
CREATE TABLE t (a integer, b integer, CONSTRAINT k PRIMARY KEY (a), UNIQUE (b)); CREATE TABLE f (a integer CONSTRAINT fk REFERENCES t (a) ON DELETE CASCADE, b integer REFERENCES t (b)); COMMENT ON CONSTRAINT fk ON f IS 'fk';
-- Two keys exchange what they are, or one becomes what another was.
CREATE TABLE x (a integer NOT NULL, b text NOT NULL, CONSTRAINT first PRIMARY KEY (a), CONSTRAINT second UNIQUE (b)); CREATE TABLE y (a integer REFERENCES x);
CREATE TABLE z (a integer NOT NULL, b integer NOT NULL, CONSTRAINT one PRIMARY KEY (a), CONSTRAINT two UNIQUE (b));
-- new:
CREATE TABLE t (a integer NOT NULL, b integer, CONSTRAINT k PRIMARY KEY (b), UNIQUE (a)); CREATE TABLE f (a integer CONSTRAINT fk REFERENCES t (a) ON DELETE CASCADE, b integer REFERENCES t (b)); COMMENT ON CONSTRAINT fk ON f IS 'fk';
CREATE TABLE x (a integer NOT NULL, b text NOT NULL, CONSTRAINT first UNIQUE (a), CONSTRAINT second PRIMARY KEY (b)); CREATE TABLE y (a integer REFERENCES x (a));
CREATE TABLE z (a integer NOT NULL, b integer NOT NULL, CONSTRAINT two PRIMARY KEY (b));
