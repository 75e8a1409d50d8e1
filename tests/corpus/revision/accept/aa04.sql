-- revision: aa04
-- woven:down
-- woven:up
SELECT '
-- woven:down
', $$
-- woven:up
$$; /*
-- woven:down
*/
-- revision: aa05
