CREATE TABLE friends (
    user_low_id  uuid        NOT NULL,
    user_high_id uuid        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT friends_pkey PRIMARY KEY (user_low_id, user_high_id),
    CONSTRAINT friends_user_low_id_fkey
        FOREIGN KEY (user_low_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friends_user_high_id_fkey
        FOREIGN KEY (user_high_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT friends_pair_check CHECK (user_low_id < user_high_id)
);

-- The primary key serves user_low_id.
CREATE INDEX friends_user_high_id_idx ON friends (user_high_id);

COMMENT ON TABLE friends IS
    'Two people who are paired, stored once: the smaller id is first, so (b, a) and (a, a) cannot '
    'be written. Insert with least() and greatest(). No updated_at: a row never changes.';
