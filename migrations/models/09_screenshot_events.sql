CREATE TABLE screenshot_events (
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    client_event_id uuid        NOT NULL,
    vault_id        uuid        NOT NULL,
    media_id        uuid,
    user_id         uuid,
    device_id       uuid,
    kind            text        NOT NULL,
    occurred_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    notified_at     timestamptz,

    CONSTRAINT screenshot_events_pkey PRIMARY KEY (id),
    CONSTRAINT screenshot_events_client_event_id_key UNIQUE (client_event_id),
    CONSTRAINT screenshot_events_vault_id_fkey
        FOREIGN KEY (vault_id) REFERENCES vaults (id) ON DELETE CASCADE,
    CONSTRAINT screenshot_events_media_fkey FOREIGN KEY (vault_id, media_id)
        REFERENCES vault_media (vault_id, id) ON DELETE SET NULL (media_id),
    CONSTRAINT screenshot_events_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT screenshot_events_device_id_fkey
        FOREIGN KEY (device_id) REFERENCES devices (id) ON DELETE SET NULL,
    CONSTRAINT screenshot_events_kind_check
        CHECK (kind IN ('screenshot', 'screen_recording', 'mirroring')),
    CONSTRAINT screenshot_events_notified_at_check CHECK (notified_at >= created_at)
);

CREATE INDEX screenshot_events_vault_id_idx ON screenshot_events (vault_id, occurred_at DESC);
CREATE INDEX screenshot_events_media_idx ON screenshot_events (vault_id, media_id);
CREATE INDEX screenshot_events_user_id_idx ON screenshot_events (user_id);
CREATE INDEX screenshot_events_device_id_idx ON screenshot_events (device_id);
CREATE INDEX screenshot_events_unnotified_idx ON screenshot_events (created_at)
    WHERE notified_at IS NULL;

COMMENT ON TABLE screenshot_events IS
    'Captures of the screen that a device noticed while a vault was open. No updated_at: a row '
    'changes once, when the members are told.';
COMMENT ON COLUMN screenshot_events.client_event_id IS
    'Made by the device, so that an event sent twice is stored once.';
COMMENT ON COLUMN screenshot_events.media_id IS
    'What was on the screen, an item of the same vault; null for a list, or when it is purged.';
COMMENT ON COLUMN screenshot_events.user_id IS 'Who captured; null when the account is gone.';
COMMENT ON COLUMN screenshot_events.device_id IS 'Null when the device was removed.';
COMMENT ON COLUMN screenshot_events.occurred_at IS
    'By the clock of the device, which may be wrong; created_at is the server''s.';
COMMENT ON COLUMN screenshot_events.notified_at IS
    'When the other members were told; null while that is to be done.';
