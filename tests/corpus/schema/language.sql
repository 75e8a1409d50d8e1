-- old:
CREATE LANGUAGE a HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler; CREATE LANGUAGE gone HANDLER plpgsql_call_handler;
CREATE TRUSTED LANGUAGE o HANDLER plpgsql_call_handler; REVOKE ALL ON LANGUAGE o FROM PUBLIC; ALTER LANGUAGE o OWNER TO woven_bert; GRANT USAGE ON LANGUAGE o TO woven_anna WITH GRANT OPTION;
-- new:
CREATE TRUSTED LANGUAGE a HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator; CREATE LANGUAGE "B b" HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE a IS 'a'; GRANT USAGE ON LANGUAGE a TO woven_anna;
CREATE LANGUAGE o HANDLER plpgsql_call_handler; ALTER LANGUAGE o OWNER TO woven_anna;
