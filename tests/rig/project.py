"""A folder with woven.conf and revision files."""

import re

# A statement that runs until open_gate(): what a test needs to catch a job in the middle.
GATE_TABLE = "CREATE TABLE gate (opened boolean)"
WAIT_AT_GATE = ("DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM public.gate) LOOP "
                "PERFORM pg_sleep(0.01); END LOOP; END $$")


def open_gate(database):
    database.run("INSERT INTO gate VALUES (true)")


def revision_id(number):
    """12 hex digits that differ in the first four."""
    return f"{number:04x}c0ffee00"


def setting_text(value):
    if isinstance(value, (list, tuple)):
        return "{" + ", ".join(setting_text(item) for item in value) + "}"
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def settings_text(settings):
    lines = []
    for key, value in settings.items():
        if isinstance(value, dict):
            lines.append(key + " {")
            lines += ["    " + line for line in settings_text(value).splitlines()]
            lines.append("}")
        else:
            lines.append(f"{key} = {setting_text(value)}")
    return "\n".join(lines) + "\n"


class Project:
    """Revisions are numbered from 1 and follow one another unless told otherwise."""

    def __init__(self, folder, **settings):
        self.folder = folder
        self.versions = folder / "versions"
        self.versions.mkdir(parents=True, exist_ok=True)
        self.settings = dict(settings)
        self.ids = []
        (folder / "script.sql.in").write_text(
            "-- message: ${message}\n-- revision: ${up_revision}\n"
            "-- down_revision: ${down_revision}\n-- branch_labels: ${branch_labels}\n"
            "-- depends_on: ${depends_on}\n-- create_date: ${create_date}\n\n"
            "-- woven:up\n\n-- woven:down\n", encoding="utf-8")

    def add(self, up, down="", *, message=None, revision=None, down_revision=None,
            up_options="", down_options="", header=""):
        """Writes one more revision and returns its id. down=None: no way back."""
        number = len(self.ids) + 1
        revision = revision or revision_id(number)
        message = message if message is not None else f"Step {number}"
        if down_revision is None:
            down_revision = self.ids[-1] if self.ids else ""
        text = (f"-- message: {message}\n-- revision: {revision}\n"
                f"-- down_revision: {down_revision}\n{header}\n"
                f"-- woven:up {up_options}".rstrip() + f"\n{up}\n")
        if down is not None:
            text += f"\n-- woven:down {down_options}".rstrip() + f"\n{down}\n"
        self.path(revision, message).write_text(text, encoding="utf-8")
        self.ids.append(revision)
        return revision

    def add_tables(self, count):
        """A plain history: revision N makes table tN."""
        first = len(self.ids) + 1
        return [self.add(f"CREATE TABLE t{n} (id integer);", f"DROP TABLE t{n};")
                for n in range(first, first + count)]

    def path(self, revision, message):
        slug = re.sub(r"\W+", "_", message.lower()).strip("_")[:40]
        return self.versions / f"{revision}_{slug}.sql"

    def file_of(self, revision):
        return next(self.versions.glob(f"{revision}_*.sql"))
