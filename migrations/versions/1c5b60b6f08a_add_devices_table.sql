-- message: Add devices table
-- revision: 1c5b60b6f08a
-- down_revision: ed7402c518a7
-- branch_labels:
-- depends_on:
-- create_date: 2026-03-26T14:15:00Z

-- woven:up
CREATE TABLE devices (
    id               uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id          uuid        NOT NULL,
    platform         text        NOT NULL,
    name             text        NOT NULL,
    app_version      text        NOT NULL,
    apns_token       text,
    apns_environment text,
    last_seen_at     timestamptz NOT NULL DEFAULT now(),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT devices_pkey PRIMARY KEY (id),
    CONSTRAINT devices_apns_token_key UNIQUE (apns_token),
    CONSTRAINT devices_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT devices_platform_check CHECK (platform IN ('ios', 'ipados', 'macos')),
    CONSTRAINT devices_name_check CHECK (char_length(name) <= 100 AND btrim(name) <> ''),
    CONSTRAINT devices_app_version_check CHECK (app_version ~ '^[0-9]+(\.[0-9]+){1,3}$'),
    CONSTRAINT devices_apns_token_check CHECK (apns_token ~ '^([0-9a-f]{2}){32,100}$'),
    CONSTRAINT devices_apns_environment_check
        CHECK (apns_environment IN ('sandbox', 'production')),
    CONSTRAINT devices_apns_pair_check
        CHECK ((apns_token IS NULL) = (apns_environment IS NULL))
);

CREATE INDEX devices_user_id_idx ON devices (user_id);

COMMENT ON TABLE devices IS 'Installations of the app, and where their push notifications go.';
COMMENT ON COLUMN devices.apns_token IS
    'Token of Apple''s push service in lower-case hex, on one device only; null when the user does '
    'not allow notifications or Apple has withdrawn the token.';
COMMENT ON COLUMN devices.apns_environment IS 'Which of Apple''s two services the token is for.';

CREATE TRIGGER devices_set_updated_at
    BEFORE UPDATE ON devices
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- woven:down
DROP TABLE devices;
