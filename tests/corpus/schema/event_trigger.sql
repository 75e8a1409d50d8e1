-- both:
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
-- old:
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();
-- It fires for what is dropped with it, and its function needs what goes.
CREATE TABLE dropped (what text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.dropped SELECT object_identity FROM pg_event_trigger_dropped_objects(); END';
CREATE EVENT TRIGGER n ON sql_drop EXECUTE FUNCTION note();
CREATE EVENT TRIGGER tags ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE VIEW') EXECUTE FUNCTION f();
-- new:
CREATE EVENT TRIGGER e ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION f(); ALTER EVENT TRIGGER e DISABLE; COMMENT ON EVENT TRIGGER e IS 'e';
CREATE EVENT TRIGGER tags ON ddl_command_end WHEN TAG IN ('DROP VIEW', 'CREATE VIEW') EXECUTE FUNCTION f();
