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
