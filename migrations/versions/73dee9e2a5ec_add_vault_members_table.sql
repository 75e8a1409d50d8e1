-- message: Add vault_members table
-- revision: 73dee9e2a5ec
-- down_revision: 3a4f3bfc9ef5
-- branch_labels:
-- depends_on:
-- create_date: 2026-02-03T08:30:00Z

-- woven:up
CREATE TABLE vault_members (
    vault_id    uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    added_by    uuid,
    access      text        NOT NULL DEFAULT 'view',
    key_version integer     NOT NULL,
    wrapped_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT vault_members_pkey PRIMARY KEY (vault_id, user_id),
    CONSTRAINT vault_members_vault_id_fkey
        FOREIGN KEY (vault_id) REFERENCES vaults (id) ON DELETE CASCADE,
    CONSTRAINT vault_members_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT vault_members_added_by_fkey
        FOREIGN KEY (added_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT vault_members_access_check CHECK (access IN ('view', 'contribute')),
    CONSTRAINT vault_members_key_version_check CHECK (key_version > 0),
    CONSTRAINT vault_members_wrapped_key_check
        CHECK (octet_length(wrapped_key) BETWEEN 48 AND 1024)
);

-- The primary key serves vault_id.
CREATE INDEX vault_members_user_id_idx ON vault_members (user_id);
CREATE INDEX vault_members_added_by_idx ON vault_members (added_by);

COMMENT ON TABLE vault_members IS
    'Who can open a vault. The owner has a row too, for the wrapped key; vaults.owner_id says who '
    'the owner is.';
COMMENT ON COLUMN vault_members.added_by IS 'Null when the account is gone.';
COMMENT ON COLUMN vault_members.access IS 'view: look only; contribute: add and delete media too.';
COMMENT ON COLUMN vault_members.key_version IS 'Version of the vault key in wrapped_key.';
COMMENT ON COLUMN vault_members.wrapped_key IS
    'The vault key, encrypted for the public key of this member; the server cannot open it.';

CREATE TRIGGER vault_members_set_updated_at
    BEFORE UPDATE ON vault_members
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- woven:down
DROP TABLE vault_members;
