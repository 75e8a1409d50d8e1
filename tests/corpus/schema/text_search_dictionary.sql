-- old:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, stopwords = english); CREATE TEXT SEARCH DICTIONARY s (TEMPLATE = snowball, language = english); CREATE TEXT SEARCH DICTIONARY gone (TEMPLATE = pg_catalog.simple);
-- new:
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, accept = false); CREATE TEXT SEARCH DICTIONARY s (TEMPLATE = pg_catalog.simple); CREATE TEXT SEARCH DICTIONARY "F f" (TEMPLATE = snowball, language = german, stopwords = german); COMMENT ON TEXT SEARCH DICTIONARY d IS 'd'; ALTER TEXT SEARCH DICTIONARY d OWNER TO woven_anna;
