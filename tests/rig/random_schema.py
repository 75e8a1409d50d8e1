"""Random schemas and random edits of them: a model in Python that prints itself as SQL. What the SQL
says is valid by construction; what an edit does to it is for the engine to find out."""

import copy

TYPES = ("integer", "bigint", "text", "varchar(30)", "numeric(10,2)", "boolean", "timestamptz", "date",
         "uuid", "jsonb", "integer[]")
WIDER = {"integer": "bigint", "varchar(30)": "text", "numeric(10,2)": "numeric(12,2)", "date": "timestamptz",
         "boolean": "text", "bigint": "numeric(10,2)", "uuid": "text"}
DEFAULTS = {"integer": ("0", "7"), "bigint": ("1", "(2 + 3)"), "text": ("'x'", "'it''s'"),
            "boolean": ("true", "false"), "timestamptz": ("now()",), "date": ("CURRENT_DATE",),
            "uuid": ("gen_random_uuid()",), "numeric(10,2)": ("0.5",), "jsonb": ("'{}'",)}
ROLES = ("woven_anna", "woven_bert")


class Schema:
    """Tables, views, functions, enums; names are numbered and never used twice."""

    def __init__(self, random):
        self.random = random
        self.number = 0
        self.enums = {}    # name: labels
        self.tables = {}   # name: Table
        self.views = {}    # name: (source, [columns], predicate, options)
        self.routines = {}  # name: (kind, body)
        for _ in range(random.randint(0, 2)):
            self.add_enum()
        for _ in range(random.randint(2, 5)):
            self.add_table()
        for _ in range(random.randint(0, 3)):
            self.add_view()
        for _ in range(random.randint(0, 2)):
            self.add_routine()

    def copy(self):
        random, self.random = self.random, None
        twin = copy.deepcopy(self)
        self.random = twin.random = random
        return twin

    def name(self, prefix):
        self.number += 1
        return f"{prefix}{self.number}"

    # Additions.

    def add_enum(self):
        self.enums[self.name("e")] = [f"l{i}" for i in range(self.random.randint(1, 4))]

    def column(self):
        kind = self.random.choice(TYPES + tuple(self.enums))
        default = self.random.choice((None, *DEFAULTS.get(kind, ())))
        if kind in self.enums and self.random.random() < 0.5:
            default = f"'{self.random.choice(self.enums[kind])}'"
        return {"type": kind, "default": default, "not_null": self.random.random() < 0.3,
                "comment": self.random.choice((None, None, "a comment"))}

    def add_table(self):
        random = self.random
        name = self.name("t")
        columns = {"id": {"type": "bigint", "default": None, "not_null": True, "comment": None,
                          "identity": random.choice((None, "ALWAYS", "BY DEFAULT"))}}
        for _ in range(random.randint(1, 5)):
            columns[self.name("c")] = self.column()
        table = {"columns": columns, "checks": {}, "uniques": {}, "keys": {}, "indexes": {},
                 "policies": {}, "grants": {}, "comment": None, "trigger": False,
                 "owner": random.choice((None, None, None, *ROLES)),
                 "partitioned": random.random() < 0.15}
        self.tables[name] = table
        for add in (self.add_check, self.add_index, self.add_key, self.add_unique, self.add_policy,
                    self.add_grant):
            if random.random() < 0.5:
                add(name)

    def some(self, table, kinds=None):
        names = [name for name, column in self.tables[table]["columns"].items()
                 if kinds is None or column["type"] in kinds]
        return self.random.choice(names) if names else None

    def add_check(self, table):
        column = self.some(table, ("integer", "bigint", "numeric(10,2)"))
        if column:
            self.tables[table]["checks"][self.name("k")] = (column, self.random.randint(-9, 9))

    def add_unique(self, table):
        if not self.tables[table]["partitioned"]:
            column = self.some(table, ("integer", "text", "uuid"))
            if column:
                self.tables[table]["uniques"][self.name("u")] = column

    def add_index(self, table):
        column = self.some(table, ("integer", "bigint", "text", "date", "uuid"))
        if column:
            self.tables[table]["indexes"][self.name("i")] = {
                "column": column, "partial": self.random.random() < 0.3,
                "down": self.random.random() < 0.3, "comment": self.random.random() < 0.2}

    def add_key(self, table):
        others = [name for name, other in self.tables.items() if not other["partitioned"]]
        if others and not self.tables[table]["partitioned"]:
            column = self.name("r")
            self.tables[table]["columns"][column] = {
                "type": "bigint", "default": None, "not_null": False, "comment": None}
            self.tables[table]["keys"][self.name("f")] = (
                column, self.random.choice(others),
                self.random.choice(("", " ON DELETE CASCADE", " ON DELETE SET NULL")))

    def add_policy(self, table):
        self.tables[table]["policies"][self.name("p")] = (
            self.some(table), self.random.choice(("ALL", "SELECT", "UPDATE")))

    def add_grant(self, table):
        self.tables[table]["grants"][self.random.choice(ROLES)] = self.random.sample(
            ("SELECT", "INSERT", "UPDATE", "DELETE"), self.random.randint(1, 3))

    def add_view(self):
        random = self.random
        source = random.choice([*self.tables, *self.views])
        names = self.columns_of(source)
        taken = random.sample(names, random.randint(1, len(names)))
        self.views[self.name("v")] = {
            "source": source, "columns": taken, "grant": random.random() < 0.3,
            "options": random.random() < 0.3, "comment": random.random() < 0.3,
            "materialized": random.random() < 0.2}

    def columns_of(self, source):
        if source in self.tables:
            return list(self.tables[source]["columns"])
        return list(self.views[source]["columns"])

    def add_routine(self):
        self.routines[self.name("f")] = {"result": self.random.choice(("integer", "bigint")),
                                         "value": self.random.randint(0, 99),
                                         "source": self.random.choice((None, *self.tables)),
                                         "stable": self.random.random() < 0.5}

    # Edits: each returns False when there is nothing for it to do.

    def edit(self):
        edits = [edit for edit in dir(self) if edit.startswith("edit_")]
        while True:
            chosen = self.random.choice(edits)
            if getattr(self, chosen)() is not False:
                return chosen

    def a_table(self):
        return self.random.choice(list(self.tables))

    def edit_add_table(self):
        self.add_table()

    def edit_add_view(self):
        self.add_view()

    def edit_add_column(self):
        self.tables[self.a_table()]["columns"][self.name("c")] = self.column()

    def edit_drop_column(self):
        table = self.a_table()
        column = self.some(table)
        return False if column == "id" else self.drop_column(table, column)

    def drop_column(self, table, column):
        found = self.tables[table]
        del found["columns"][column]
        for part in ("checks", "keys", "policies"):
            found[part] = {name: value for name, value in found[part].items() if value[0] != column}
        found["uniques"] = {n: c for n, c in found["uniques"].items() if c != column}
        found["indexes"] = {n: i for n, i in found["indexes"].items() if i["column"] != column}
        self.mend_views()
        return True

    def mend_views(self):
        """Views keep what their sources still have; those that have nothing left go."""
        for name in list(self.views):
            view = self.views[name]
            if view["source"] not in self.tables and view["source"] not in self.views:
                del self.views[name]
                continue
            view["columns"] = [c for c in view["columns"] if c in self.columns_of(view["source"])]
            if not view["columns"]:
                del self.views[name]
        for routine in self.routines.values():
            if routine["source"] not in self.tables:
                routine["source"] = None

    def edit_drop_table(self):
        table = self.a_table()
        if len(self.tables) < 2 or any(key[1] == table for other, found in self.tables.items()
                                       if other != table for key in found["keys"].values()):
            return False
        del self.tables[table]
        while any(v["source"] not in self.tables and v["source"] not in self.views
                  for v in self.views.values()):
            self.mend_views()
        self.mend_views()
        return True

    def edit_type(self):
        table = self.a_table()
        column = self.some(table)
        found = self.tables[table]["columns"][column]
        used = {name for part in ("keys", "checks") for name, *_ in self.tables[table][part].values()}
        if column == "id" or column in used or found["type"] not in WIDER:
            return False
        found["type"] = WIDER[found["type"]]
        found["default"] = None
        return True

    def edit_default(self):
        table = self.a_table()
        found = self.tables[table]["columns"][self.some(table)]
        if found["type"] not in DEFAULTS or found.get("identity"):
            return False
        found["default"] = self.random.choice((None, *DEFAULTS[found["type"]]))
        return True

    def edit_not_null(self):
        table = self.a_table()
        column = self.some(table)
        if column == "id":
            return False
        found = self.tables[table]["columns"][column]
        found["not_null"] = not found["not_null"]
        return True

    def edit_identity(self):
        found = self.tables[self.a_table()]
        if found["columns"]["id"]["default"] is not None or found["partitioned"]:
            return False
        found["columns"]["id"]["identity"] = self.random.choice((None, "ALWAYS", "BY DEFAULT"))
        return True

    def edit_comment(self):
        table = self.tables[self.a_table()]
        table["comment"] = self.random.choice((None, "a table", "it's another"))

    def edit_owner(self):
        self.tables[self.a_table()]["owner"] = self.random.choice((None, *ROLES))

    def edit_trigger(self):
        table = self.tables[self.a_table()]
        table["trigger"] = not table["trigger"]

    def edit_add_part(self):
        self.random.choice((self.add_check, self.add_index, self.add_key, self.add_unique,
                            self.add_policy, self.add_grant))(self.a_table())

    def edit_drop_part(self):
        table = self.tables[self.a_table()]
        part = self.random.choice(("checks", "uniques", "keys", "indexes", "policies", "grants"))
        if not table[part]:
            return False
        del table[part][self.random.choice(list(table[part]))]
        return True

    def edit_index(self):
        indexes = self.tables[self.a_table()]["indexes"]
        if not indexes:
            return False
        index = indexes[self.random.choice(list(indexes))]
        index[self.random.choice(("partial", "down", "comment"))] ^= True
        return True

    def edit_check(self):
        checks = self.tables[self.a_table()]["checks"]
        if not checks:
            return False
        name = self.random.choice(list(checks))
        checks[name] = (checks[name][0], self.random.randint(10, 99))
        return True

    def edit_view(self):
        if not self.views:
            return False
        view = self.views[self.random.choice(list(self.views))]
        part = self.random.choice(("columns", "options", "comment", "grant"))
        if part == "columns":
            names = self.columns_of(view["source"])
            view["columns"] = self.random.sample(names, self.random.randint(1, len(names)))
            for _ in self.views:
                self.mend_views()
        else:
            view[part] = not view[part]
        return True

    def edit_routine(self):
        if not self.routines:
            return False
        routine = self.routines[self.random.choice(list(self.routines))]
        routine[self.random.choice(("value", "stable"))] = self.random.randint(0, 1)
        routine["result"] = self.random.choice(("integer", "bigint"))
        return True

    def edit_enum(self):
        if not self.enums:
            return False
        labels = self.enums[self.random.choice(list(self.enums))]
        labels.insert(self.random.randint(0, len(labels)), self.name("l"))
        return True

    # As SQL.

    def sql(self):
        lines = [f"CREATE TYPE {name} AS ENUM ({', '.join(map(repr, labels))});"
                 for name, labels in self.enums.items()]
        lines.append("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
                     "$$BEGIN RETURN NEW; END$$;")
        for name, table in self.tables.items():
            lines += self.table_sql(name, table)
        for name, table in self.tables.items():
            lines += [f"ALTER TABLE {name} ADD CONSTRAINT {key} FOREIGN KEY ({column}) REFERENCES "
                      f"{other}{action};" for key, (column, other, action) in table["keys"].items()]
        done = set()
        while len(done) < len(self.views):
            for name, view in self.views.items():
                if name not in done and (view["source"] in self.tables or view["source"] in done):
                    lines += self.view_sql(name, view)
                    done.add(name)
        for name, routine in self.routines.items():
            lines.append(self.routine_sql(name, routine))
        return "\n".join(lines)

    @staticmethod
    def column_sql(name, column):
        text = f"{name} {column['type']}"
        if column.get("identity"):
            text += f" GENERATED {column['identity']} AS IDENTITY"
        if column["default"] is not None:
            text += f" DEFAULT {column['default']}"
        return text + (" NOT NULL" if column["not_null"] else "")

    def table_sql(self, name, table):
        parts = [self.column_sql(*item) for item in table["columns"].items()]
        parts.append(f"CONSTRAINT {name}_pkey PRIMARY KEY (id)")
        parts += [f"CONSTRAINT {key} CHECK ({column} > {value})"
                  for key, (column, value) in table["checks"].items()]
        parts += [f"CONSTRAINT {key} UNIQUE ({column})" for key, column in table["uniques"].items()]
        partition = " PARTITION BY RANGE (id)" if table["partitioned"] else ""
        lines = [f"CREATE TABLE {name} ({', '.join(parts)}){partition};"]
        if table["partitioned"]:
            lines += [f"CREATE TABLE {name}_1 PARTITION OF {name} FOR VALUES FROM (1) TO (100);",
                      f"CREATE TABLE {name}_d PARTITION OF {name} DEFAULT;"]
        for index, facts in table["indexes"].items():
            lines.append(f"CREATE INDEX {index} ON {name} ({facts['column']}"
                         f"{' DESC' if facts['down'] else ''})"
                         f"{' WHERE id > 0' if facts['partial'] else ''};")
            if facts["comment"]:
                lines.append(f"COMMENT ON INDEX {index} IS 'an index';")
        if table["policies"]:
            lines.append(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;")
        lines += [f"CREATE POLICY {policy} ON {name} FOR {command} USING ({column} IS NOT NULL);"
                  for policy, (column, command) in table["policies"].items()]
        if table["comment"]:
            lines.append(f"COMMENT ON TABLE {name} IS $${table['comment']}$$;")
        lines += [f"COMMENT ON COLUMN {name}.{column} IS '{facts['comment']}';"
                  for column, facts in table["columns"].items() if facts["comment"]]
        if table["trigger"]:
            lines.append(f"CREATE TRIGGER touch BEFORE UPDATE ON {name} FOR EACH ROW "
                         "EXECUTE FUNCTION touch();")
        if table["owner"]:
            lines.append(f"ALTER TABLE {name} OWNER TO {table['owner']};")
        lines += [f"GRANT {', '.join(privileges)} ON {name} TO {role};"
                  for role, privileges in table["grants"].items()]
        return lines

    @staticmethod
    def view_sql(name, view):
        words = "MATERIALIZED VIEW" if view["materialized"] else "VIEW"
        options = " WITH (security_barrier)" if view["options"] and not view["materialized"] else ""
        lines = [f"CREATE {words} {name}{options} AS SELECT {', '.join(view['columns'])} "
                 f"FROM {view['source']};"]
        if view["comment"]:
            lines.append(f"COMMENT ON {words} {name} IS 'a view';")
        if view["grant"]:
            lines.append(f"GRANT SELECT ON {name} TO woven_anna;")
        return lines

    @staticmethod
    def routine_sql(name, routine):
        volatility = " STABLE" if routine["stable"] else ""
        body = (f"BEGIN ATOMIC SELECT count(id)::{routine['result']} FROM {routine['source']}; END"
                if routine["source"] else f"RETURN {routine['value']}::{routine['result']}")
        return f"CREATE FUNCTION {name}() RETURNS {routine['result']}{volatility} {body};"
