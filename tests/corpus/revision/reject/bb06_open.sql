-- revision: bb06
-- woven:up
SELECT 1;
-- woven:down
SELECT $$ open;
