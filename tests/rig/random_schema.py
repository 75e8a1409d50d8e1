"""Random schemas and random edits of them: a model in Python that prints itself as SQL. What the SQL
says is valid by construction; what an edit does to it is for the engine to find out."""

import copy

from .random_tables import Column, Table
from .random_things import (Composite, DefaultPrivileges, Domain, Enum, Function, Namespace,
                            Publication, Query, Range, Sequence, View, quoted)

ODD = ('{} "{}"', "{}.{}", "{} of, {}", "{}ü{}", "Mixed{}{}", "{}{}" + "x" * 50)


class Schema:
    """Things by what they are; names are numbered, and used twice only by what takes another's place."""
    ORDER = (Enum, Domain, Range, Composite, Function, Sequence, Table, View, Query, Publication)

    def __init__(self, random):
        self.random = random
        self.number = 0
        self.namespaces = []
        self.things = []
        self.namespaces.append(Namespace(self, "public"))
        for _ in range(random.choice((0, 0, 1, 2))):
            self.namespaces.append(Namespace(self))
        for kind, most in ((Enum, 2), (Domain, 1), (Range, 1), (Composite, 1),
                           (Function, 2), (Table, 4),
                           (Sequence, 1), (View, 4), (Query, 1), (Publication, 1)):
            for _ in range(random.randint(1 if kind is Table else 0, most)):
                self.things.append(kind(self))
        self.defaults = [DefaultPrivileges(self)] if random.random() < 0.2 else []
        self.defaults_first = random.random() < 0.5

    def copy(self):
        random, self.random = self.random, None
        twin = copy.deepcopy(self)
        self.random = twin.random = random
        return twin

    def new_name(self, prefix):
        self.number += 1
        if self.random.random() < 0.88:
            return f"{prefix}{self.number}"
        return self.random.choice(ODD).format(prefix, self.number)

    # What there is.

    def of(self, kind):
        return [thing for thing in self.things if isinstance(thing, kind)]

    def tables(self):
        return self.of(Table)

    def sources(self):
        return self.tables() + self.of(View)

    def columns(self):
        return [column for table in self.tables() for column in table.columns]

    def parts(self):
        return [part for table in self.tables() for part in table.stands]

    def needed_by(self, thing):
        return [user for user in self.things + self.columns() + self.parts()
                if any(needed is thing for needed in user.needs())]

    # Edits: each returns False when there is nothing for it to do.

    def edit(self):
        edits = [self.edit_thing] * 8 + [self.edit_add, self.edit_drop, self.edit_replace]
        while True:
            done = self.random.choice(edits)()
            self.mend_views()
            if done is not False:
                return done

    def edit_thing(self):
        return self.random.choice(self.things + self.namespaces[1:] + self.defaults +
                                  self.tables() * 2).edit()

    def edit_add(self):
        thing = self.random.choice(self.ORDER)(self)
        self.things.append(thing)
        return f"add {thing.name}"

    def edit_drop(self):
        thing = self.random.choice(self.things)
        if self.tables() == [thing]:
            return False
        self.drop(thing)
        return f"drop {thing.name}"

    def edit_replace(self):
        """Another thing takes the name: of another kind, or of the same."""
        thing = self.random.choice(self.things)
        kinds = next((kinds for kinds in ((Table, View, Sequence), (Enum, Domain, Range, Composite))
                      if isinstance(thing, kinds)), None)
        if kinds is None or self.tables() == [thing]:
            return False
        self.drop(thing)
        was_table = isinstance(thing, Table) or getattr(thing, "was_table", False)
        if was_table:  # which only makes way for another if its rows are lost
            kinds = kinds[1:]
        other = self.random.choice(kinds)(self)
        other.was_table = was_table
        other.name, other.namespace = thing.name, thing.namespace
        self.things.append(other)
        return f"replace {thing.name}"

    def drop(self, gone):
        """With all that cannot be without it."""
        if isinstance(gone, Column):
            gone.table.columns.remove(gone)
        elif gone in self.things:
            self.things.remove(gone)
            for column in gone.columns if isinstance(gone, Table) else ():
                self.drop_users(column)
        self.drop_users(gone)
        self.mend_views()

    def drop_users(self, gone):
        for user in self.needed_by(gone):
            if user.lose(gone):
                continue
            if user in self.parts():
                user.table.stands.remove(user)
            elif isinstance(user, Column) and user in user.table.columns or user in self.things:
                self.drop(user)

    def mend_views(self):
        """Views show what their sources still have."""
        for view in self.of(View) * len(self.of(View)):
            view.columns = [column for column in view.columns if column in view.source.columns]
            if not view.columns and view in self.things:
                self.drop(view)
        for query in self.of(Query):
            if query.column not in query.source.columns:
                self.drop(query)

    # As SQL.

    def in_order(self):
        """Each behind what it needs."""
        done = []
        left = [thing for kind in self.ORDER for thing in self.of(kind)]
        while left:
            ready = next(thing for thing in left
                         if not any(needed in left for needed in thing.needs() if needed is not thing))
            done.append(ready)
            left.remove(ready)
        return done

    def sql(self):
        lines = [line for namespace in self.namespaces for line in namespace.sql()]
        defaults = [line for thing in self.defaults for line in thing.late_sql()]
        lines += defaults if self.defaults_first else []
        lines.append("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
                     "$$BEGIN RETURN NEW; END$$;")
        things = self.in_order()
        early = [thing for kind in self.ORDER for thing in things if isinstance(thing, kind)]
        for thing in early:
            lines += thing.sql() if hasattr(thing, "sql") else []
        for sequence in self.of(Sequence):
            lines += sequence.owned_sql()
        for thing in things:
            lines += thing.late_sql() if hasattr(thing, "late_sql") else []
        return "\n".join(lines + ([] if self.defaults_first else defaults))
