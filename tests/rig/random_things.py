"""What random schemas consist of, besides tables (random_tables.py). A thing knows what it needs,
prints itself as SQL, and has edits: each changes it in one way, or returns False."""

import re

from .programs import postgres_version

ROLES = ("woven_anna", "woven_bert", '"woven ""c"", TO d"')


def quoted(name):
    plain = re.fullmatch("[a-z_][a-z0-9_]*", name) and name not in ("select", "table", "user")
    return name if plain else '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


class Thing:
    """Something with a name, that may have a comment, an owner, and grants."""
    words = grant_words = ""
    privileges = ()

    def __init__(self, model, prefix):
        self.model = model
        self.namespace = model.random.choice(model.namespaces) if model.namespaces else None
        self.name = model.new_name(prefix)
        self.comment = self.owner = None
        self.grants = {}
        if self.chance(0.2):
            self.edit_comment()
        if self.chance(0.15):
            self.edit_owner()
        if self.chance(0.2):
            self.edit_grants()

    def chance(self, part):
        return self.model.random.random() < part

    def choice(self, items):
        return self.model.random.choice(list(items))

    @property
    def full(self):
        return f"{self.namespace.full}.{quoted(self.name)}"

    def needs(self):
        """Things and columns without which it cannot be."""
        return []

    def lose(self, gone):
        """Can it be without something it needs? Then it is so from now on."""
        return False

    def edit(self):
        edits = [edit for edit in dir(self) if edit.startswith("edit_")]
        chosen = self.choice(edits)
        return False if getattr(self, chosen)() is False else f"{chosen} {self.name}"

    def edit_comment(self):
        self.comment = self.choice((None, "a comment", "it's another"))

    def edit_owner(self):
        self.owner = self.choice((None, *ROLES))

    def edit_grants(self):
        if not self.privileges:
            return False
        role = self.choice((*ROLES, "PUBLIC"))
        if role in self.grants and self.chance(0.5):
            del self.grants[role]
            return True
        some = self.model.random.sample(self.privileges,
                                        self.model.random.randint(1, len(self.privileges)))
        option = " WITH GRANT OPTION" if role != "PUBLIC" and self.chance(0.3) else ""
        self.grants[role] = (sorted(some), option)
        return True

    def facets(self):
        lines = []
        if self.comment:
            lines.append(f"COMMENT ON {self.words} {self.full} IS {literal(self.comment)};")
        if self.owner:
            lines.append(f"ALTER {self.words} {self.full} OWNER TO {self.owner};")
        for role, (privileges, option) in self.grants.items():
            lines.append(f"GRANT {', '.join(privileges)} ON {self.grant_words or self.words} "
                         f"{self.full} TO {role}{option};")
        return lines


class Namespace(Thing):
    words = "SCHEMA"
    privileges = ("USAGE", "CREATE")

    def __init__(self, model, name=None):
        super().__init__(model, "s")
        self.name = name or self.name

    @property
    def full(self):
        return quoted(self.name)

    def sql(self):
        return [] if self.name == "public" else [f"CREATE SCHEMA {self.full};", *self.facets()]


class Enum(Thing):
    words = "TYPE"
    privileges = ("USAGE",)

    def __init__(self, model):
        super().__init__(model, "e")
        self.labels = [f"l{i}" for i in range(model.random.randint(1, 4))]

    def edit_add_label(self):
        self.labels.insert(self.model.random.randint(0, len(self.labels)), self.model.new_name("l"))

    def edit_remove_label(self):
        if len(self.labels) < 2:
            return False
        self.labels.remove(self.choice(self.labels))
        return True

    def edit_shuffle_labels(self):
        self.model.random.shuffle(self.labels)

    def default(self):
        return literal(self.labels[0])

    def sql(self):
        return [f"CREATE TYPE {self.full} AS ENUM ({', '.join(map(literal, self.labels))});",
                *self.facets()]


class Domain(Thing):
    words = "DOMAIN"
    privileges = ("USAGE",)

    def __init__(self, model):
        super().__init__(model, "d")
        self.base = self.choice(("integer", "bigint", "text"))
        self.not_null = self.chance(0.2)
        self.value = self.choice((None, "'1'"))
        self.checks = {}
        if self.chance(0.5):
            self.edit_checks()

    def edit_base(self):
        self.base = {"integer": "bigint", "bigint": "text", "text": "varchar(40)"}.get(self.base, "text")

    def edit_not_null(self):
        self.not_null = not self.not_null

    def edit_value(self):
        self.value = self.choice((None, "'1'", "'2'"))

    def edit_checks(self):
        if self.checks and self.chance(0.4):
            del self.checks[self.choice(self.checks)]
        else:
            self.checks[self.model.new_name("k")] = self.choice((3, 5, 7))

    def default(self):
        return "'1'"

    def sql(self):
        checks = "".join(f" CONSTRAINT {quoted(name)} CHECK (length(VALUE::text) < {most})"
                         for name, most in self.checks.items())
        return [f"CREATE DOMAIN {self.full} AS {self.base}"
                f"{' DEFAULT ' + self.value if self.value else ''}"
                f"{' NOT NULL' if self.not_null else ''}{checks};", *self.facets()]


class Range(Thing):
    words = "TYPE"
    privileges = ("USAGE",)

    def __init__(self, model):
        super().__init__(model, "r")
        self.edit_subtype()

    def edit_subtype(self):
        self.subtype = self.choice(("integer", "bigint", "text", "date", *self.model.of(Enum)))

    def needs(self):
        return [] if isinstance(self.subtype, str) else [self.subtype]

    def lose(self, gone):
        self.subtype = "text"
        return True

    def default(self):
        return "'empty'"

    def sql(self):
        subtype = self.subtype if isinstance(self.subtype, str) else self.subtype.full
        return [f"CREATE TYPE {self.full} AS RANGE (SUBTYPE = {subtype});", *self.facets()]


class Composite(Thing):
    words = "TYPE"
    privileges = ("USAGE",)
    TYPES = ("integer", "text", "date", "numeric(8,2)")

    def __init__(self, model):
        super().__init__(model, "y")
        self.attributes = {model.new_name("a"): self.new_type()
                           for _ in range(model.random.randint(1, 3))}

    def new_type(self):
        """Its own, or those of the model, and arrays of them."""
        made = self.model.of(Enum) + self.model.of(Domain) + self.model.of(Range)
        return self.choice(self.TYPES + tuple(made)), "[]" * self.chance(0.2)

    def edit_add_attribute(self):
        self.attributes[self.model.new_name("a")] = self.new_type()

    def edit_drop_attribute(self):
        if len(self.attributes) < 2:
            return False
        del self.attributes[self.choice(self.attributes)]
        return True

    def edit_attribute_type(self):
        self.attributes[self.choice(self.attributes)] = self.new_type()

    def edit_order(self):
        names = list(self.attributes)
        self.model.random.shuffle(names)
        self.attributes = {name: self.attributes[name] for name in names}

    def needs(self):
        return [kind for kind, _ in self.attributes.values() if not isinstance(kind, str)]

    def lose(self, gone):
        self.attributes = {name: ("text", "") if kind is gone else (kind, array)
                           for name, (kind, array) in self.attributes.items()}
        return True

    def default(self):
        return None

    def sql(self):
        attributes = ", ".join(
            f"{quoted(name)} {kind if isinstance(kind, str) else kind.full}{array}"
            for name, (kind, array) in self.attributes.items())
        return [f"CREATE TYPE {self.full} AS ({attributes});", *self.facets()]


class Sequence(Thing):
    words = "SEQUENCE"
    privileges = ("USAGE", "SELECT", "UPDATE")

    def __init__(self, model):
        super().__init__(model, "q")
        self.type = self.choice(("bigint", "bigint", "integer"))
        self.options = {}
        self.edit_options()
        self.column = None  # that it belongs to
        if self.chance(0.5):
            self.edit_column()

    def edit_options(self):
        self.options[self.choice(("INCREMENT", "START", "CACHE"))] = self.choice((30, 70))
        self.options["MAXVALUE"] = self.choice((300, 700))

    def edit_cycle(self):
        self.options[""] = self.choice(("CYCLE", "NO CYCLE"))

    def edit_type(self):
        self.type = self.choice(("bigint", "integer", "smallint"))

    def edit_column(self):
        tables = [table for table in self.model.tables() if table.namespace is self.namespace]
        self.column = self.choice(tables).column() if tables and self.chance(0.7) else None
        if self.column:
            self.owner = None

    def edit_owner(self):
        if getattr(self, "column", None):
            return False
        return super().edit_owner()

    def needs(self):
        return [self.column] if self.column else []

    def lose(self, gone):
        self.column = None
        return True

    def sql(self):
        options = " ".join(f"{word} {value}" for word, value in self.options.items())
        return [f"CREATE SEQUENCE {self.full} AS {self.type} {options};", *self.facets()]

    def owned_sql(self):
        """Before the table's owner is changed, and the sequence's with it."""
        table = self.column and self.column.table
        if not table or self.column not in table.columns or table.namespace is not self.namespace:
            return []
        return [f"ALTER SEQUENCE {self.full} OWNED BY {self.column.table.full}."
                f"{quoted(self.column.name)};"]


class Function(Thing):
    """Of an integer: what columns, checks, indexes, policies and views may call."""
    words = "FUNCTION"
    privileges = ("EXECUTE",)

    def __init__(self, model):
        super().__init__(model, "f")
        self.result = self.choice(("integer", "bigint"))
        self.body = self.choice(("atomic", "sql", "plpgsql"))
        self.argument = "x"
        self.number = model.random.randint(0, 9)
        self.clauses = ""

    @property
    def called(self):
        return super().full

    @property
    def full(self):
        return f"{self.called}(integer)"

    def edit_result(self):
        self.result = self.choice(("integer", "bigint"))

    def edit_body(self):
        self.body = self.choice(("atomic", "sql", "plpgsql"))
        self.number = self.model.random.randint(0, 9)

    def edit_argument(self):
        self.argument = self.choice(("x", "y"))

    def edit_clauses(self):
        self.clauses = self.choice(("", " STRICT", " PARALLEL SAFE", " COST 7",
                                    " SET search_path TO 'pg_catalog'"))

    def sql(self):
        expression = f"({self.argument} + {self.number})::{self.result}"
        kind = "sql" if self.body == "atomic" and postgres_version() < 14 else self.body
        body = {"atomic": f"LANGUAGE sql IMMUTABLE{self.clauses} RETURN {expression}",
                "sql": f"LANGUAGE sql IMMUTABLE{self.clauses} AS $$SELECT {expression}$$",
                "plpgsql": f"LANGUAGE plpgsql IMMUTABLE{self.clauses} AS "
                           f"$$BEGIN RETURN {expression}; END$$"}[kind]
        return [f"CREATE FUNCTION {self.called}({self.argument} integer) RETURNS {self.result} "
                f"{body};", *self.facets()]


class Query(Thing):
    """A function that reads a table or view."""
    words = "FUNCTION"
    privileges = ("EXECUTE",)

    def __init__(self, model):
        super().__init__(model, "g")
        self.source = self.choice(model.sources())
        self.kind = self.choice(("count", "rows", "row", "columns"))
        self.column = self.choice(self.source.columns)

    @property
    def full(self):
        row = self.source.full if self.kind == "row" else ""
        return f"{super().full}({row})"

    def edit_kind(self):
        self.kind = self.choice(("count", "rows", "row", "columns"))

    def needs(self):
        return [self.source, self.column]

    def late_sql(self):
        source, column = self.source.full, quoted(self.column.name)
        kind = self.column.type_sql
        begin, end = ("BEGIN ATOMIC", "; END") if postgres_version() >= 14 else ("AS $$", "$$")
        body = {"count": f"RETURNS bigint LANGUAGE sql {begin} SELECT count({column}) FROM {source}{end}",
                "rows": f"RETURNS SETOF {source} LANGUAGE sql AS $$SELECT * FROM {source}$$",
                "row": f"RETURNS text LANGUAGE sql AS $$SELECT ($1).{column}::text$$",
                "columns": f"RETURNS TABLE (x {kind}) LANGUAGE sql {begin} "
                           f"SELECT {column} FROM {source}{end}"}[self.kind]
        return [f"CREATE FUNCTION {self.full} {body};", *self.facets()]


class View(Thing):
    privileges = ("SELECT", "INSERT", "TRIGGER")
    grant_words = "TABLE"

    def __init__(self, model):
        super().__init__(model, "v")
        self.source = self.choice(model.sources())
        self.other = self.choice((None, None, *model.sources()))
        self.columns = []
        self.edit_columns()
        self.materialized = self.chance(0.25)
        self.options = self.call = self.late_comment = self.indexed = self.rule = False
        self.function = self.choice(model.of(Function)) if model.of(Function) else None

    @property
    def words(self):
        return "MATERIALIZED VIEW" if self.materialized else "VIEW"

    def edit_owner(self):
        """A view's owner would have to be allowed what those read who fill views on it."""
        if not getattr(self, "materialized", False):
            return False
        return super().edit_owner()

    def edit_columns(self):
        self.columns = self.model.random.sample(
            self.source.columns, self.model.random.randint(1, len(self.source.columns)))

    def edit_add_column(self):
        left = [column for column in self.source.columns if column not in self.columns]
        if not left:
            return False
        self.columns.append(self.choice(left))
        return True

    def edit_materialized(self):
        self.materialized, self.owner = not self.materialized, None

    def edit_flag(self):
        flag = self.choice(("options", "call", "late_comment", "indexed", "rule"))
        setattr(self, flag, not getattr(self, flag))

    def edit_other(self):
        self.other = None

    def needs(self):
        return [self.source, *self.columns, *filter(None, (self.other, self.function))]

    def lose(self, gone):
        self.function = None if gone is self.function else self.function
        self.other = None if gone is self.other else self.other
        self.columns = [column for column in self.columns if column is not gone]
        return gone is not self.source and bool(self.columns)

    def late_sql(self):
        call = f", {self.function.called}({len(self.columns)}) AS called" \
            if self.call and self.function else ""
        join = f" CROSS JOIN {self.other.full} o" if self.other else ""
        options = " WITH (security_barrier)" if self.options and not self.materialized else ""
        names = [quoted(column.name) for column in self.columns]
        taken = ", ".join(f"s.{name}" for name in names)
        lines = [f"CREATE {self.words} {self.full}{options} AS "
                 f"SELECT {taken}{call} FROM {self.source.full} s{join};"]
        if self.late_comment:
            lines.append(f"COMMENT ON COLUMN {self.full}.{names[0]} IS 'of a view';")
        if self.indexed and self.materialized and self.columns[0].is_sortable:
            index = quoted(self.name[:40] + "_i")
            lines.append(f"CREATE INDEX {index} ON {self.full} ({names[0]});")
        if self.rule and not self.materialized:
            lines.append(f"CREATE RULE {quoted(self.name[:40] + '_r')} AS ON DELETE TO {self.full} "
                         "DO INSTEAD NOTHING;")
        return lines + self.facets()


class Publication(Thing):
    words = "PUBLICATION"

    def __init__(self, model):
        super().__init__(model, "pub")
        self.columns = []
        self.edit_columns()
        self.filtered = self.chance(0.4)
        self.namespaces = []
        self.publish = ""

    @property
    def full(self):
        return quoted(self.name)

    def edit_columns(self):
        """The tables by a column of each."""
        tables = [table for table in self.model.tables() if self.chance(0.5)]
        self.columns = [table.columns[0] for table in tables]

    def edit_filtered(self):
        self.filtered = not self.filtered

    def edit_publish(self):
        self.publish = self.choice(("", " WITH (publish = 'insert')"))

    def edit_namespaces(self):
        self.namespaces = [] if self.namespaces else [self.choice(self.model.namespaces)]

    def needs(self):
        return [*self.columns, *(column.table for column in self.columns)]

    def lose(self, gone):
        self.columns = [column for column in self.columns
                        if column is not gone and column.table is not gone]
        return True

    def late_sql(self):
        tables = [column.table.full +
                  (f" WHERE ({quoted(column.name)} > 5)"
                   if self.filtered and not column.table.partitioned and postgres_version() >= 15
                   else "")
                 for column in self.columns]
        parts = [f"TABLE {', '.join(tables)}"] if tables else []
        if postgres_version() >= 15:
            parts += [f"TABLES IN SCHEMA {namespace.full}" for namespace in self.namespaces]
        what = f" FOR {', '.join(parts)}" if parts else ""
        return [f"CREATE PUBLICATION {self.full}{what}{self.publish};", *self.facets()]


class DefaultPrivileges(Thing):
    """ALTER DEFAULT PRIVILEGES, in one schema or in all. Not those of sequences: what they give to an
    identity's is no object of its own."""

    def __init__(self, model):
        super().__init__(model, "n")
        self.given = {}
        self.everywhere = self.chance(0.5)
        self.edit_given()

    def edit_given(self):
        what, privilege = self.choice((("TABLES", "SELECT"), ("TABLES", "INSERT"),
                                       ("ROUTINES", "EXECUTE"), ("TYPES", "USAGE")))
        if (what, privilege) in self.given and self.chance(0.5):
            del self.given[what, privilege]
        else:
            self.given[what, privilege] = self.choice(ROLES)

    def edit_owner(self):
        return False

    def edit_comment(self):
        return False

    def late_sql(self):
        where = "" if self.everywhere else f" IN SCHEMA {self.namespace.full}"
        return [f"ALTER DEFAULT PRIVILEGES{where} GRANT {privilege} ON {what} TO {role};"
                for (what, privilege), role in self.given.items()]
