-- revision: bb04
SELECT 1;
-- woven:sideways
-- woven:down
-- woven:down
  SELECT 2; -- woven:up
