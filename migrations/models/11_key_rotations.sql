CREATE TABLE key_rotations (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    vault_id     uuid        NOT NULL,
    started_by   uuid,
    from_version integer     NOT NULL,
    to_version   integer     NOT NULL,
    reason       text        NOT NULL,
    status       text        NOT NULL DEFAULT 'running',
    media_total  integer     NOT NULL,
    media_done   integer     NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,

    CONSTRAINT key_rotations_pkey PRIMARY KEY (id),
    CONSTRAINT key_rotations_vault_id_fkey
        FOREIGN KEY (vault_id) REFERENCES vaults (id) ON DELETE CASCADE,
    CONSTRAINT key_rotations_started_by_fkey
        FOREIGN KEY (started_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT key_rotations_version_check
        CHECK (from_version > 0 AND to_version - from_version = 1),
    CONSTRAINT key_rotations_reason_check
        CHECK (reason IN ('scheduled', 'member_removed', 'device_lost', 'compromise', 'requested')),
    CONSTRAINT key_rotations_status_check CHECK (status IN ('running', 'completed', 'failed')),
    CONSTRAINT key_rotations_media_check CHECK (media_done BETWEEN 0 AND media_total),
    CONSTRAINT key_rotations_completed_check
        CHECK (status <> 'completed' OR media_done = media_total),
    CONSTRAINT key_rotations_finished_at_check
        CHECK ((status = 'running') = (finished_at IS NULL) AND finished_at >= created_at)
);

CREATE UNIQUE INDEX key_rotations_running_key ON key_rotations (vault_id)
    WHERE status = 'running';
CREATE UNIQUE INDEX key_rotations_to_version_key ON key_rotations (vault_id, to_version)
    WHERE status <> 'failed';
CREATE INDEX key_rotations_vault_id_idx ON key_rotations (vault_id, created_at DESC);
CREATE INDEX key_rotations_started_by_idx ON key_rotations (started_by);

COMMENT ON TABLE key_rotations IS
    'Changes of a vault''s key, from one version to the next. A failed one may be tried again.';
COMMENT ON COLUMN key_rotations.started_by IS
    'Null for a scheduled rotation, or when the account is gone.';
COMMENT ON COLUMN key_rotations.media_total IS 'Media to encrypt anew, counted at the start.';
COMMENT ON INDEX key_rotations_running_key IS 'One rotation of a vault at a time.';
COMMENT ON INDEX key_rotations_to_version_key IS 'Each version of a key is made once.';

CREATE TRIGGER key_rotations_set_updated_at
    BEFORE UPDATE ON key_rotations
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();
