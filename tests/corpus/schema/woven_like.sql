-- old:
-- new:
CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION set_updated_at() IS
    'Row trigger of every table that has updated_at: keeps it at the time of the last real change.';
CREATE TABLE users (
    id            uuid        NOT NULL DEFAULT gen_random_uuid(),
    email         text        NOT NULL,
    password_hash text        NOT NULL,
    display_name  text        NOT NULL,
    public_key    bytea,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_check
        CHECK (email = lower(email) AND email ~ '^[^@\s]+@[^@\s]+$' AND char_length(email) <= 254),
    CONSTRAINT users_password_hash_check CHECK (password_hash ~ '^\$[a-z0-9-]+\$.+'),
    CONSTRAINT users_display_name_check
        CHECK (char_length(display_name) <= 80 AND btrim(display_name) <> ''),
    CONSTRAINT users_public_key_check CHECK (octet_length(public_key) = 32),
    CONSTRAINT users_disabled_at_check CHECK (disabled_at >= created_at)
);

COMMENT ON TABLE users IS 'Accounts.';
COMMENT ON COLUMN users.email IS
    'Sign-in name, stored in lower case so that the plain unique rule ignores case.';
COMMENT ON COLUMN users.password_hash IS
    'PHC string ($algorithm$parameters$salt$hash); never a password.';
COMMENT ON COLUMN users.public_key IS
    'X25519 public key that vault keys are wrapped for; null until the first device has made one.';
COMMENT ON COLUMN users.disabled_at IS 'When the account was locked; null while it may sign in.';

CREATE TRIGGER users_set_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();
CREATE TABLE vaults (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    owner_id    uuid        NOT NULL,
    name        text        NOT NULL,
    kind        text        NOT NULL DEFAULT 'solo',
    key_version integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    strict_mode boolean     NOT NULL DEFAULT false,

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
COMMENT ON COLUMN vaults.strict_mode IS
    'When true, a member opens the vault only while an approved access request lasts.';

CREATE TRIGGER vaults_set_updated_at
    BEFORE UPDATE ON vaults
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();
