-- message: Add vaults table
-- revision: aa02
-- down_revision: 1f800961f8ae
-- branch_labels:
-- depends_on:
-- create_date: 2026-01-14T09:12:00Z

--  woven:up
CREATE
-- a comment
TABLE vaults (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

--  woven:down
DROP TABLE vaults;
