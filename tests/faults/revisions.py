"""The history that the daemons run, and what the server writes down about it by itself.

Each step makes or drops tables of its own and says so in `audit.wrote` in the same transaction;
triggers do the same for the version table and for woven's own tables. So the server knows who wrote
what, under which token and whether that session held the project's lock, whatever the daemons
believe."""

AUDIT = """
CREATE SCHEMA audit;
CREATE TABLE audit.wrote (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL, revision text, direction text, part integer, parts integer,
    heads text[], xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    backend integer NOT NULL DEFAULT pg_backend_pid(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(), token bigint, locks bigint);
CREATE TABLE audit.lock_key (key bigint NOT NULL);
CREATE TABLE audit.trouble (revision text PRIMARY KEY);
CREATE TABLE public.shared (id integer);
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));

CREATE FUNCTION audit.held() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM pg_catalog.pg_locks l, audit.lock_key k
     WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
       AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = k.key $$;
CREATE FUNCTION audit.note(revision text, direction text, part integer, parts integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.wrote (source, revision, direction, part, parts, token, locks)
    SELECT 'step', $1, $2, $3, $4, (SELECT l.token FROM woven.leader l), audit.held();
END $$;
CREATE FUNCTION audit.fail(of text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audit.trouble t WHERE t.revision = of) THEN
        RAISE EXCEPTION 'on purpose';
    END IF;
END $$;
-- A statement outside a transaction: what it does and its note are one.
CREATE FUNCTION audit.alone(sql text, revision text, direction text, part integer, parts integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit.fail(revision);
    EXECUTE sql;
    PERFORM audit.note(revision, direction, part, parts);
END $$;
CREATE FUNCTION audit.heads_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.wrote (source, heads, token, locks)
    SELECT 'heads', ARRAY(SELECT version_num::text FROM public.alembic_version ORDER BY 1),
           (SELECT l.token FROM woven.leader l), audit.held();
    RETURN NULL;
END $$;
CREATE FUNCTION audit.ledger_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.wrote (source, token, locks)
    SELECT TG_TABLE_NAME, (SELECT l.token FROM woven.leader l), audit.held();
    RETURN NULL;
END $$;
CREATE TRIGGER moved AFTER INSERT OR UPDATE OR DELETE ON alembic_version
    FOR EACH STATEMENT EXECUTE FUNCTION audit.heads_moved();
"""

TRIGGERS = "".join(
    f"CREATE TRIGGER wrote AFTER INSERT OR UPDATE OR DELETE ON woven.{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit.ledger_moved();"
    for table in ("history", "revision", "journal"))

LOOSE = "transaction=off"


class Made:
    """What is in the catalog while a revision is applied."""

    def __init__(self, name, kind, tables=(), indexes=()):
        self.name = name
        self.kind = kind
        self.tables = set(tables)
        self.indexes = set(indexes)


def _note(revision, direction, part=1, parts=1):
    return f"SELECT audit.note('{revision}', '{direction}', {part}, {parts});"


def _together(name, revision, middle):
    """Two tables with something that takes time or fails between them: half of it would show."""
    up = (f"CREATE TABLE {name}_a (id integer);\n{_note(revision, 'up')}\n{middle}\n"
          f"SELECT audit.fail('{revision}');\nCREATE TABLE {name}_b (id integer);")
    down = (f"DROP TABLE {name}_b;\n{_note(revision, 'down')}\n{middle}\n"
            f"SELECT audit.fail('{revision}');\nDROP TABLE {name}_a;")
    return up, down


def _alone(name, revision, parts, middle):
    ups = [f"SELECT audit.alone('CREATE TABLE {name}_{n} (id integer)', '{revision}', 'up', {n}, "
           f"{parts});" for n in range(1, parts + 1)]
    downs = [f"SELECT audit.alone('DROP TABLE {name}_{parts + 1 - n}', '{revision}', 'down', {n}, "
             f"{parts});" for n in range(1, parts + 1)]
    return f"\n{middle}\n".join(ups), f"\n{middle}\n".join(downs)


def _index(name, revision):
    """Concurrently: the one statement here whose remains a crash may leave."""
    up = (f"SELECT audit.alone('CREATE TABLE {name}_1 (id integer)', '{revision}', 'up', 1, 2);\n"
          f"CREATE INDEX CONCURRENTLY {name}_i ON {name}_1 (id);\n{_note(revision, 'up', 2, 2)}")
    down = (f"DROP INDEX CONCURRENTLY {name}_i;\n"
            f"SELECT audit.alone('DROP TABLE {name}_1', '{revision}', 'down', 2, 2);")
    return up, down


class History:
    """Three branches: `main`, `side` from its third revision, and `marks`: they do nothing, so that
    stamping them is true."""

    KINDS = ("plain", "slow", "plain", "shared", "loose", "many", "plain", "index", "slow", "plain",
             "loose", "shared")

    def __init__(self, project):
        self.project = project
        self.made = {}
        self.parents = {}
        self.main, self.side, self.marks = [], [], []
        for number, kind in enumerate(self.KINDS, 1):
            self._add(self.main, f"m{number:02}", kind, None, "main" if number == 4 else "")
        for number, kind in enumerate(("plain", "loose", "slow"), 1):
            self._add(self.side, f"s{number:02}", kind, self.main[2], "side" if number == 1 else "")
        for number in range(1, 4):
            self._add(self.marks, f"k{number:02}", "mark", None, "marks" if number == 1 else "")

    def _add(self, branch, name, kind, root, label):
        revision = f"{len(self.made) + 1:04x}c0ffee00"
        parent = branch[-1] if branch else root
        header = f"-- branch_labels: {label}\n" if label else ""
        up, down, options, tables, indexes = self._sections(name, revision, kind)
        self.project.add(up, down, message=name, revision=revision, down_revision=parent or "",
                         header=header, up_options=options, down_options=options)
        branch.append(revision)
        self.parents[revision] = parent
        self.made[revision] = Made(name, kind, tables, indexes)

    @staticmethod
    def _sections(name, revision, kind):
        """Up, down, options, tables and indexes."""
        if kind == "mark":
            return "SELECT 1;", "SELECT 1;", "", (), ()
        if kind == "loose":
            up, down = _alone(name, revision, 3, "SELECT pg_sleep(0.05);")
            return up, down, LOOSE, [f"{name}_{n}" for n in (1, 2, 3)], ()
        if kind == "index":
            return *_index(name, revision), LOOSE, [f"{name}_1"], [f"{name}_i"]
        middle = {"plain": "", "slow": "SELECT pg_sleep(0.4);",
                  "shared": "ALTER TABLE public.shared ALTER COLUMN id SET DEFAULT 1;",
                  "many": "SELECT 1;\n" * 40}[kind]
        return *_together(name, revision, middle), "", [f"{name}_a", f"{name}_b"], ()

    def is_loose(self, revision):
        return self.made[revision].kind in ("loose", "index")

    def heads(self):
        return set(self.parents) - set(self.parents.values())

    def closure(self, heads):
        """All that is applied when the version table has these rows."""
        applied = set()
        for revision in heads:
            while revision is not None and revision not in applied:
                applied.add(revision)
                revision = self.parents[revision]
        return applied
