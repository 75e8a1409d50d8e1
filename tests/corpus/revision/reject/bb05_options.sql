-- revision: bb05
-- woven:up transaction=no lock_timeout=0 lock_timeout=1s timeout=3 statement_timeout=soon
VACUUM;
BEGIN;
\d
-- woven:down
SELECT (;
