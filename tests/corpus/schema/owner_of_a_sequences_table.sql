-- old:
CREATE TABLE t (a serial); CREATE TABLE u (a serial, b integer); ALTER TABLE u OWNER TO woven_anna; CREATE TABLE w (a integer); ALTER TABLE w OWNER TO woven_bert; CREATE SEQUENCE q; ALTER SEQUENCE q OWNER TO woven_bert; ALTER SEQUENCE q OWNED BY w.a; CREATE SEQUENCE r; ALTER SEQUENCE r OWNER TO woven_anna; ALTER SEQUENCE r OWNED BY u.b; CREATE TABLE y (a integer); ALTER TABLE y OWNER TO woven_anna; CREATE TABLE z (a integer); CREATE SEQUENCE g OWNED BY z.a;
CREATE TABLE from_me (a integer); CREATE TABLE to_her (a integer, b integer); ALTER TABLE to_her OWNER TO woven_anna; CREATE SEQUENCE moves OWNED BY from_me.a;
CREATE TABLE changes (a integer, b integer); CREATE SEQUENCE goes_along OWNED BY changes.a;
-- new:
CREATE TABLE t (a serial); ALTER TABLE t OWNER TO woven_anna; CREATE TABLE u (a serial, b integer); CREATE TABLE w (a integer); ALTER TABLE w OWNER TO woven_anna; CREATE SEQUENCE q; CREATE TABLE x (a serial); ALTER TABLE x OWNER TO woven_anna; CREATE SEQUENCE r; CREATE TABLE y (a integer); CREATE SEQUENCE f OWNED BY y.a; CREATE TABLE z (a integer); ALTER TABLE z OWNER TO woven_bert; CREATE SEQUENCE g;
CREATE TABLE from_me (a integer); CREATE TABLE to_her (a integer, b integer); ALTER TABLE to_her OWNER TO woven_anna;
CREATE SEQUENCE moves; ALTER SEQUENCE moves OWNER TO woven_anna; ALTER SEQUENCE moves OWNED BY to_her.b;
CREATE TABLE changes (a integer, b integer); CREATE SEQUENCE goes_along OWNED BY changes.b; ALTER TABLE changes OWNER TO woven_anna;
