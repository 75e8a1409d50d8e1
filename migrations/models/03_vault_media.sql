CREATE TABLE vault_media (
    id                 uuid        NOT NULL DEFAULT gen_random_uuid(),
    vault_id           uuid        NOT NULL,
    uploader_id        uuid,
    kind               text        NOT NULL,
    content_type       text        NOT NULL,
    storage_key        text        NOT NULL,
    byte_size          bigint      NOT NULL,
    sha256             bytea       NOT NULL,
    key_version        integer     NOT NULL,
    encrypted_metadata bytea,
    created_at         timestamptz NOT NULL DEFAULT now(),
    deleted_at         timestamptz,

    CONSTRAINT vault_media_pkey PRIMARY KEY (id),
    CONSTRAINT vault_media_vault_id_id_key UNIQUE (vault_id, id),
    CONSTRAINT vault_media_vault_id_sha256_key UNIQUE (vault_id, sha256),
    CONSTRAINT vault_media_storage_key_key UNIQUE (storage_key),
    CONSTRAINT vault_media_vault_id_fkey
        FOREIGN KEY (vault_id) REFERENCES vaults (id) ON DELETE RESTRICT,
    CONSTRAINT vault_media_uploader_id_fkey
        FOREIGN KEY (uploader_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT vault_media_kind_check CHECK (kind IN ('photo', 'live_photo', 'video')),
    CONSTRAINT vault_media_content_type_check
        CHECK (content_type ~ '^(image|video)/[a-z0-9][a-z0-9.+-]{0,126}$'),
    CONSTRAINT vault_media_storage_key_check CHECK (char_length(storage_key) BETWEEN 1 AND 1024),
    CONSTRAINT vault_media_byte_size_check CHECK (byte_size > 0),
    CONSTRAINT vault_media_sha256_check CHECK (octet_length(sha256) = 32),
    CONSTRAINT vault_media_key_version_check CHECK (key_version > 0),
    CONSTRAINT vault_media_encrypted_metadata_check
        CHECK (octet_length(encrypted_metadata) <= 65536),
    CONSTRAINT vault_media_deleted_at_check CHECK (deleted_at >= created_at)
);

-- The timeline of a vault, and the work list of the job that purges deleted objects.
CREATE INDEX vault_media_timeline_idx ON vault_media (vault_id, created_at DESC, id)
    WHERE deleted_at IS NULL;
CREATE INDEX vault_media_purge_idx ON vault_media (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX vault_media_uploader_id_idx ON vault_media (uploader_id);

COMMENT ON TABLE vault_media IS
    'One encrypted object of a vault; the bytes are in object storage. No updated_at: only a key '
    'rotation or a deletion changes a row, and both have their own record.';
COMMENT ON COLUMN vault_media.vault_id IS
    'A vault cannot be deleted while it has media: the stored objects have to be purged first.';
COMMENT ON COLUMN vault_media.uploader_id IS 'Null when the account is gone; the media stay.';
COMMENT ON COLUMN vault_media.sha256 IS
    'Hash of the encrypted bytes. Unique in a vault, so that an upload tried twice is stored once.';
COMMENT ON COLUMN vault_media.key_version IS
    'Version of the vault key the object is encrypted with.';
COMMENT ON COLUMN vault_media.encrypted_metadata IS
    'Size, place, time taken and the like, encrypted by the client with the vault key.';
COMMENT ON COLUMN vault_media.deleted_at IS
    'When it was put in the bin; a job removes the object and the row some time later.';
