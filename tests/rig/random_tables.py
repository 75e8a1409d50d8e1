"""Tables of random schemas: columns, and what stands on them."""

from .programs import postgres_version
from .random_things import (ROLES, Composite, Domain, Enum, Function, Range, Sequence, Thing, literal,
                            quoted)

TYPES = ("integer", "bigint", "text", "varchar(30)", "numeric(10,2)", "boolean", "timestamptz", "date",
         "uuid", "jsonb", "integer[]")
WIDER = {"integer": "bigint", "varchar(30)": "text", "numeric(10,2)": "numeric(12,2)",
         "date": "timestamptz", "boolean": "text", "bigint": "numeric(10,2)", "uuid": "text",
         "text": "varchar(30)"}
DEFAULTS = {"integer": ("0", "7"), "bigint": ("1", "(2 + 3)"), "text": ("'x'", "'it''s'"),
            "boolean": ("true", "false"), "timestamptz": ("now()",), "date": ("CURRENT_DATE",),
            "uuid": ("gen_random_uuid()",), "numeric(10,2)": ("0.5",), "jsonb": ("'{}'",)}
NUMBERS = ("integer", "bigint", "numeric(10,2)", "numeric(12,2)")
SORTABLE = (*NUMBERS, "text", "varchar(30)", "date", "timestamptz", "uuid", "boolean")
LONG = ("text", "varchar(30)", "jsonb", "numeric(10,2)")


class Column:
    def __init__(self, model, table, kind=None, not_null=False):
        self.model, self.table = model, table
        self.name = model.new_name("c")
        types = model.of(Enum) + model.of(Domain) + model.of(Range) + model.of(Composite)
        self.type = kind or model.random.choice(TYPES * 2 + tuple(types))
        self.array = not isinstance(self.type, str) and model.random.random() < 0.15
        self.not_null = not_null
        self.default = self.call = self.comment = self.identity = self.formula = None
        self.storage = self.compression = self.statistics = self.collation = None
        self.grants = {}
        self.is_key = kind is not None
        if kind is None:
            for edit in (self.edit_default, self.edit_comment, self.edit_call, self.edit_grants,
                         self.edit_physical, self.edit_collation, self.edit_formula):
                if model.random.random() < 0.25:
                    edit()

    def choice(self, items):
        return self.model.random.choice(list(items))

    @property
    def type_sql(self):
        return (self.type if isinstance(self.type, str) else self.type.full) + "[]" * self.array

    @property
    def is_sortable(self):
        return self.type in SORTABLE or (isinstance(self.type, Enum) and not self.array)

    @property
    def is_fixed(self):
        """Must its type stay?"""
        return self.is_key or self.formula or any(
            self in part.fixed() for part in self.model.parts())

    def needs(self):
        found = [] if isinstance(self.type, str) else [self.type]
        formula = [self.formula[0], self.formula[2]] if self.formula else []
        return found + [needed for needed in (self.call, *formula) if needed]

    def lose(self, gone):
        if gone is self.call:
            self.call = None
        elif self.formula:
            return False
        else:
            self.type, self.array, self.default = "text", False, None
        return True

    def edit_type(self):
        if self.is_fixed or self.type not in WIDER:
            return False
        self.type, self.default, self.call, self.collation = WIDER[self.type], None, None, None
        if self.type not in LONG:
            self.storage = self.compression = None
        return True

    def edit_default(self):
        if self.identity or self.formula or self.array:
            return False
        self.call = None
        if isinstance(self.type, str):
            self.default = self.choice((None, *DEFAULTS.get(self.type, ())))
        else:
            self.default = self.choice((None, "its"))
        return True

    def edit_call(self):
        found = self.model.of(Function) + self.model.of(Sequence)
        if self.type not in ("integer", "bigint") or self.identity or self.formula or not found:
            return False
        self.call, self.default = self.choice(found), None
        return True

    def edit_formula(self):
        """Computed columns: of another column, perhaps by a function."""
        others = [column for column in self.table.columns
                  if column.type == "integer" and not column.formula and column is not self]
        functions = [None, *self.model.of(Function)]
        if self.formula and not self.is_key:
            self.formula = (self.formula[0], self.model.random.randint(2, 9), self.formula[2])
            return True
        if self in self.table.columns or not others:
            return False
        self.formula = (self.choice(others), 1, self.choice(functions))
        self.type, self.default, self.call, self.array = "bigint", None, None, False
        self.storage = self.compression = self.collation = None
        return True

    def edit_not_null(self):
        if self.is_key or self.formula:
            return False
        self.not_null = not self.not_null
        return True

    def edit_comment(self):
        self.comment = self.choice((None, "of a column", "it's of a column"))

    def edit_grants(self):
        role = self.choice(ROLES)
        if role in self.grants:
            del self.grants[role]
        else:
            self.grants[role] = (self.choice(("SELECT", "UPDATE", "INSERT", "REFERENCES")),
                                 self.choice(("", "", " WITH GRANT OPTION")))

    def edit_physical(self):
        if self.type in LONG and not self.formula:
            self.storage = self.choice((None, "EXTERNAL", "MAIN"))
            self.compression = self.choice((None, None, None, "pglz"))
        self.statistics = self.choice((None, 70))

    def edit_collation(self):
        if self.type not in ("text", "varchar(30)") or self.is_fixed:
            return False
        self.collation = self.choice((None, '"C"', '"POSIX"'))
        return True

    def edit_identity(self):
        if self is not self.table.columns[0] or self.table.parts or self.table.heir:
            return False
        self.identity = self.choice((None, "ALWAYS", "BY DEFAULT", "BY DEFAULT AS IDENTITY (START 7)"))
        return True

    def value(self):
        if isinstance(self.call, Function):
            return f"{self.call.called}(1)"
        if self.call:
            return f"nextval('{self.call.full}'::regclass)" if "'" not in self.call.full else None
        return self.type.default() if self.default == "its" else self.default

    def sql(self):
        text = f"{quoted(self.name)} {self.type_sql}"
        if self.collation:
            text += f" COLLATE {self.collation}"
        if self.formula:
            source, number, function = self.formula
            inner = quoted(source.name)
            call = f"{function.called}({inner})" if function else inner
            return f"{text} GENERATED ALWAYS AS ({call} + {number}) STORED"
        if self.identity:
            text += f" GENERATED {self.identity}" + ("" if "(" in self.identity else " AS IDENTITY")
        if self.value() is not None:
            text += f" DEFAULT {self.value()}"
        return text + self.not_null_sql()

    def not_null_sql(self):
        """From PostgreSQL 18 on some have a name of their own, and some are no matter of heirs."""
        number = sum(map(ord, self.name)) if postgres_version() >= 18 else 0
        name = f" CONSTRAINT {quoted(self.name[:40] + '_there')}" if number % 3 == 1 else ""
        alone = " NO INHERIT" if number % 7 == 1 and not self.table.partitioned and not self.is_key else ""
        return f"{name} NOT NULL{alone}" if self.not_null else ""

    def late_sql(self):
        on, name = self.table.full, quoted(self.name)
        lines = []
        if self.comment:
            lines.append(f"COMMENT ON COLUMN {on}.{name} IS {literal(self.comment)};")
        if self.storage:
            lines.append(f"ALTER TABLE {on} ALTER {name} SET STORAGE {self.storage};")
        if self.compression and postgres_version() >= 14:
            lines.append(f"ALTER TABLE {on} ALTER {name} SET COMPRESSION {self.compression};")
        if self.statistics:
            lines.append(f"ALTER TABLE {on} ALTER {name} SET STATISTICS {self.statistics};")
        return lines + [f"GRANT {privilege} ({name}) ON {on} TO {role}{option};"
                        for role, (privilege, option) in self.grants.items()]


class Part:
    """What stands on columns of a table: checks, keys, indexes, policies, triggers, rules, statistics.
    `facts` are chosen once by each kind, and again by an edit."""
    KINDS = ("check", "unique", "exclusion", "index", "key", "policy", "trigger", "rule", "statistics")

    def __init__(self, model, table, kind):
        self.model, self.table, self.kind = model, table, kind
        self.name = model.new_name(kind[0])
        self.columns, self.other, self.function = [], None, None
        self.comment = None
        self.fit()
        self.edit_facts()

    def choice(self, items):
        return self.model.random.choice(list(items))

    def fit(self):
        wanted = {"check": lambda c: c.type in NUMBERS and not c.array,
                  "exclusion": lambda c: c.type == "integer",
                  "rule": lambda c: True, "trigger": lambda c: not c.formula,
                  "policy": lambda c: True}.get(self.kind, lambda c: c.is_sortable)
        found = [column for column in self.table.columns if wanted(column)]
        most = 2 if self.kind in ("unique", "index", "statistics") else 1
        self.columns = self.model.random.sample(found, min(len(found), most))
        if self.kind == "statistics" and len(self.columns) < 2:
            self.columns = []
        if self.kind in ("unique", "exclusion") and self.table.parts:
            self.columns = []
        if self.kind == "key":
            others = [table for table in self.model.tables() if table.columns[0].is_key]
            self.columns = []
            if others and not self.table.heir:
                column = Column(self.model, self.table, "bigint")
                self.table.columns.append(column)
                self.columns, self.other = [column], self.choice(others)
        functions = self.model.of(Function)
        if functions and self.columns and self.columns[0].type == "integer" and \
                self.kind in ("check", "index", "policy") and self.model.random.random() < 0.5:
            self.function = self.choice(functions)

    def edit_facts(self):
        clauses = {
            "check": ("", " NO INHERIT"), "exclusion": ("btree", "hash"),
            "unique": ("", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"),
            "index": ("", " DESC", " NULLS FIRST"),
            "key": ("", " ON DELETE CASCADE", " ON DELETE SET NULL", " MATCH FULL", " NOT VALID",
                    " DEFERRABLE", " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"),
            "policy": ("ALL", "SELECT", "UPDATE"),
            "trigger": ("", "DISABLE", "ENABLE ALWAYS"), "rule": ("INSERT", "UPDATE"),
            "statistics": ("", " (mcv)", " (dependencies)")}[self.kind]
        self.clause = self.choice(clauses)
        if (self.table.parts or self.table.heir) and "N" in self.clause and self.kind in ("check", "key"):
            self.clause = ""
        self.number = self.model.random.randint(-9, 9)
        self.extra = self.choice((0, 0, 1, 2))

    def edit_comment(self):
        self.comment = self.choice((None, "of a part"))

    def needs(self):
        return [*self.columns, *filter(None, (self.other, self.function)),
                *(self.other.columns[:1] if self.other else ())]

    def fixed(self):
        return self.columns if self.kind in ("check", "key", "exclusion") or self.function else []

    def lose(self, gone):
        return False

    def used(self):
        name = quoted(self.columns[0].name)
        return f"{self.function.called}({name})" if self.function else name

    def constraint(self):
        name = quoted(self.columns[0].name)
        names = ", ".join(quoted(column.name) for column in self.columns)
        nulls = " NULLS NOT DISTINCT" if self.extra == 1 and postgres_version() >= 15 else ""
        return {"check": lambda: f"CHECK ({self.used()} > {self.number}){self.clause}",
                "unique": lambda: f"UNIQUE{nulls} ({names}){self.clause}",
                "exclusion": lambda: f"EXCLUDE USING {self.clause} ({name} WITH =)" + (
                    f" WHERE ({name} > {self.number})" if self.extra else "")}[self.kind]()

    def key_sql(self):
        return (f"FOREIGN KEY ({quoted(self.columns[0].name)}) REFERENCES {self.other.full}"
                f"{self.clause}")

    def index_sql(self):
        names = [self.used(), *(quoted(column.name) for column in self.columns[1:])]
        if self.function or (self.columns[0].type in ("text", "varchar(30)") and self.extra == 1):
            names[0] = f"(lower({names[0]}::text))" if not self.function else f"({names[0]})"
        include = f" INCLUDE ({names.pop()})" if len(names) > 1 and self.extra == 2 else ""
        where = f" WHERE {quoted(self.table.columns[0].name)} > {self.number}" if self.number > 3 else ""
        options = " WITH (fillfactor = 70)" if self.number < -6 else ""
        return (f"CREATE INDEX {quoted(self.name)} ON {self.table.full} ({names[0]}{self.clause}"
                f"{''.join(', ' + name for name in names[1:])}){include}{options}{where};")

    def policy_sql(self):
        test = f"{self.used()} > {self.number}" if self.function else f"{self.used()} IS NOT NULL"
        check = f" WITH CHECK ({test})" if self.extra == 1 and self.clause != "SELECT" else ""
        kind = " AS RESTRICTIVE" if self.extra == 2 else ""
        role = self.choice_of(("PUBLIC", *ROLES))
        return (f"CREATE POLICY {quoted(self.name)} ON {self.table.full}{kind} FOR {self.clause} "
                f"TO {role} USING ({test}){check};")

    def choice_of(self, items):
        return items[self.number % len(items)]

    def trigger_sql(self):
        name = quoted(self.columns[0].name)
        event = self.choice_of(("INSERT", "UPDATE", f"UPDATE OF {name}", "DELETE OR INSERT"))
        when = f"WHEN (NEW.{name} IS NOT NULL) " if self.extra and "UPDATE" in event else ""
        lines = [f"CREATE TRIGGER {quoted(self.name)} AFTER {event} ON {self.table.full} "
                 f"FOR EACH ROW {when}EXECUTE FUNCTION touch();"]
        if self.clause:
            state = self.clause.split()
            lines.append(f"ALTER TABLE {self.table.full} {state[0]} {''.join(state[1:])} TRIGGER "
                         f"{quoted(self.name)};")
        return " ".join(lines)

    def rule_sql(self):
        return (f"CREATE RULE {quoted(self.name)} AS ON {self.clause} TO {self.table.full} "
                f"WHERE NEW.{quoted(self.columns[0].name)} IS NULL DO ALSO NOTHING;")

    def statistics_sql(self):
        names = ", ".join(quoted(column.name) for column in self.columns)
        return (f"CREATE STATISTICS {self.table.namespace.full}.{quoted(self.name)}{self.clause} ON "
                f"{names} FROM {self.table.full};")

    def sql(self):
        """Constraints are inside the table's statement; the others follow it."""
        return f"CONSTRAINT {quoted(self.name)} {self.constraint()}"

    def late_sql(self):
        on = f"{quoted(self.name)} ON {self.table.full}"
        full = f"{self.table.namespace.full}.{quoted(self.name)}"
        lines = []
        if self.kind == "key":
            lines.append(f"ALTER TABLE {self.table.full} ADD CONSTRAINT {quoted(self.name)} "
                         f"{self.key_sql()};")
        elif self.kind not in ("check", "unique", "exclusion"):
            lines.append(getattr(self, f"{self.kind}_sql")())
        if self.comment:
            target = {"index": f"INDEX {full}", "statistics": f"STATISTICS {full}",
                      "policy": f"POLICY {on}", "trigger": f"TRIGGER {on}",
                      "rule": f"RULE {on}"}.get(self.kind, f"CONSTRAINT {on}")
            lines.append(f"COMMENT ON {target} IS {literal(self.comment)};")
        return lines


class Partition:
    """Of a table by its first column; `number` 0: the default one. What is detached was a partition
    until the end of the script, and is then what a partition becomes by that."""

    def __init__(self, model, table, number):
        self.model, self.table, self.number = model, table, number
        self.name = model.new_name("w")
        self.detached = False
        self.own = []

    @property
    def full(self):
        return f"{self.table.namespace.full}.{quoted(self.name)}"

    def edit_own(self):
        self.own = self.model.random.sample(
            ("index", "check", "comment", "owner", "grant", "options", "default"),
            self.model.random.randint(0, 3))

    def edit_detached(self):
        self.detached = not self.detached

    def sql(self):
        bound = "DEFAULT" if self.number == 0 else \
            f"FOR VALUES IN ({self.number * 100})" if self.table.strategy == "LIST" else \
            f"FOR VALUES FROM ({self.number * 100}) TO ({self.number * 100 + 100})"
        return f"CREATE TABLE {self.full} PARTITION OF {self.table.full} {bound};"

    def late_sql(self):
        column = quoted(self.table.columns[0].name)
        own = {"index": f"CREATE INDEX {quoted(self.name + '_own')} ON {self.full} ({column} DESC);",
               "check": f"ALTER TABLE {self.full} ADD CONSTRAINT {quoted(self.name + '_k')} "
                        f"CHECK ({column} > 0);",
               "comment": f"COMMENT ON TABLE {self.full} IS 'a partition';",
               "owner": f"ALTER TABLE {self.full} OWNER TO {ROLES[0]};",
               "grant": f"GRANT SELECT ON {self.full} TO {ROLES[1]};",
               "options": f"ALTER TABLE {self.full} SET (fillfactor = 60);",
               "default": f"ALTER TABLE {self.full} ALTER {column} SET DEFAULT {self.number};"}
        return [own[part] for part in sorted(self.own)]

    def last_sql(self):
        return [f"ALTER TABLE {self.table.full} DETACH PARTITION {self.full};"] if self.detached else []


class Table(Thing):
    words = "TABLE"
    privileges = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES")

    def __init__(self, model):
        super().__init__(model, "t")
        self.columns, self.stands, self.parts = [], [], []
        self.heir = None  # the name of a table that inherits of it
        self.identity = ""
        self.options = self.unlogged = self.forced = False
        self.columns.append(Column(model, self, "bigint", True))
        self.partitioned = self.chance(0.2)
        self.strategy = "RANGE"
        if self.partitioned:
            self.parts = [Partition(model, self, number)
                          for number in range(model.random.randint(0, 1), 3)]
        elif self.chance(0.1):
            self.heir = model.new_name("h")
        for _ in range(model.random.randint(1, 5)):
            self.edit_add_column()
        for kind in Part.KINDS:
            if self.chance(0.3):
                self.add_part(kind)
        if self.chance(0.3):
            self.columns[0].edit_identity()

    def column(self):
        return self.choice(self.columns)

    def edit_add_column(self):
        self.columns.append(Column(self.model, self))

    def edit_drop_column(self):
        column = self.column()
        if column is self.columns[0]:
            return False
        self.model.drop(column)
        return True

    def edit_a_column(self):
        column = self.column()
        edits = [edit for edit in dir(column) if edit.startswith("edit_")]
        return getattr(column, self.choice(edits))()

    def add_part(self, kind):
        part = Part(self.model, self, kind)
        if not part.columns:
            return False
        self.stands.append(part)
        return True

    def edit_add_part(self):
        return self.add_part(self.choice(Part.KINDS))

    def edit_drop_part(self):
        if not self.stands:
            return False
        self.stands.remove(self.choice(self.stands))
        return True

    def edit_a_part(self):
        if not self.stands:
            return False
        part = self.choice(self.stands)
        return self.choice((part.edit_facts, part.edit_comment))()

    def edit_partitions(self):
        if not self.partitioned:
            return False
        used = [part.number for part in self.parts]
        free = [number for number in range(5) if number not in used]
        chosen = self.choice(("add", "drop", "own", "detach"))
        if chosen == "add" and free:
            self.parts.append(Partition(self.model, self, self.choice(free)))
        elif len(self.parts) > 1 and chosen == "drop":
            self.parts.remove(self.choice(self.parts))
        elif self.parts:
            part = self.choice(self.parts)
            done = part.edit_own() if chosen == "own" else part.edit_detached()
            return done
        return True

    def edit_partition_key(self):
        self.strategy = "LIST" if self.strategy == "RANGE" else "RANGE"
        return self.partitioned

    def edit_partitioned(self):
        """The same rows in partitions, or in one piece."""
        hindrances = [part for part in self.stands if part.kind in ("unique", "exclusion")
                      or part.clause in (" NO INHERIT", " NOT VALID")]
        if self.heir or self.columns[0].identity or hindrances:
            return False
        self.partitioned = not self.partitioned
        self.parts = [Partition(self.model, self, number)
                      for number in range(3)] if self.partitioned else []
        return True

    def edit_flag(self):
        flag = self.choice(("options", "unlogged", "forced"))
        setattr(self, flag, not getattr(self, flag))

    def edit_identity(self):
        self.identity = self.choice(("", "FULL", "NOTHING", "USING INDEX"))

    def needs(self):
        return []

    def is_unlogged(self):
        """Where what others refer to, and what is published, cannot be."""
        needed = self.model.needed_by(self)
        return self.unlogged and not self.partitioned and not self.heir and not any(
            isinstance(thing, Part) or thing.words == "PUBLICATION" for thing in needed)

    def sql(self):
        inside = [column.sql() for column in self.columns]
        inside.append(f"CONSTRAINT {self.key_name()} PRIMARY KEY ({quoted(self.columns[0].name)})")
        inside += [part.sql() for part in self.stands if part.kind in ("check", "unique", "exclusion")]
        by = f" PARTITION BY {self.strategy} ({quoted(self.columns[0].name)})" if self.partitioned else ""
        options = " WITH (fillfactor = 80)" if self.options and not self.partitioned else ""
        lines = [f"CREATE {'UNLOGGED ' if self.is_unlogged() else ''}TABLE {self.full} "
                 f"({', '.join(inside)}){by}{options};"]
        lines += [part.sql() for part in self.parts]
        if self.heir:
            lines.append(f"CREATE TABLE {self.namespace.full}.{quoted(self.heir)} "
                         f"({quoted(self.heir + '_c')} text) INHERITS ({self.full});")
        return lines

    def key_name(self):
        return quoted(self.name[:50] + "_pkey")

    def late_sql(self):
        lines = [line for column in self.columns for line in column.late_sql()]
        for part in self.stands:
            lines += part.late_sql()
        for part in self.parts:
            lines += part.late_sql()
        if any(part.kind == "policy" for part in self.stands):
            lines.append(f"ALTER TABLE {self.full} ENABLE ROW LEVEL SECURITY;")
        if self.forced:
            lines.append(f"ALTER TABLE {self.full} FORCE ROW LEVEL SECURITY;")
        if self.identity:
            index = f" {self.key_name()}" if "INDEX" in self.identity else ""
            lines.append(f"ALTER TABLE {self.full} REPLICA IDENTITY {self.identity}{index};")
        lines += self.facets()
        for part in self.parts:
            lines += part.last_sql()
        return lines
