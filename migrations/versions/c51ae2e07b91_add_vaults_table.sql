-- message: Add vaults table
-- revision: c51ae2e07b91
-- down_revision: 1f800961f8ae
-- branch_labels:
-- depends_on:
-- create_date: 2026-01-14T09:12:00Z

-- woven:up
CREATE TABLE vaults (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    owner_id    uuid        NOT NULL,
    name        text        NOT NULL,
    kind        text        NOT NULL DEFAULT 'solo',
    key_version integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT vaults_pkey PRIMARY KEY (id),
    CONSTRAINT vaults_owner_id_fkey
        FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT vaults_name_check CHECK (char_length(name) <= 100 AND btrim(name) <> ''),
    CONSTRAINT vaults_kind_check CHECK (kind IN ('solo', 'shared')),
    CONSTRAINT vaults_key_version_check CHECK (key_version > 0)
);

-- Also the index of the foreign key: owner_id leads.
CREATE UNIQUE INDEX vaults_owner_id_name_key ON vaults (owner_id, lower(name));

COMMENT ON TABLE vaults IS 'Encrypted containers of photos and videos.';
COMMENT ON COLUMN vaults.owner_id IS
    'Who answers for the vault. An account cannot be deleted while it owns one: the stored objects '
    'have to be purged first.';
COMMENT ON COLUMN vaults.kind IS 'solo: its owner alone; shared: paired people are members too.';
COMMENT ON COLUMN vaults.key_version IS
    'Version of the vault key that new media are encrypted with.';

CREATE TRIGGER vaults_set_updated_at
    BEFORE UPDATE ON vaults
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- woven:down
DROP TABLE vaults;
