-- old:
CREATE LANGUAGE a HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler; CREATE LANGUAGE gone HANDLER plpgsql_call_handler;
-- new:
CREATE TRUSTED LANGUAGE a HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator; CREATE LANGUAGE "B b" HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE a IS 'a'; GRANT USAGE ON LANGUAGE a TO woven_anna;
