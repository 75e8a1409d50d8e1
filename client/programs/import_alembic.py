"""Prints the revisions of an Alembic project with the SQL of each step, as one JSON document.

wovenctl runs it as `python -c PROGRAM DIR` with the Python that the project's Alembic belongs to.
No database is asked: upgrade() and downgrade() run against a recorder. What a revision sends is
rendered as PostgreSQL's SQL, parameters as literals; a revision that looks at an answer is refused,
with the line where it does. Needs Alembic 1.5 and SQLAlchemy 1.4, or newer.
"""

import contextlib
import datetime
import decimal
import inspect
import json
import logging
import math
import os
import re
import sys
import traceback
import uuid

# `python -c` looks for modules in the current directory first; a project's folder "alembic" must
# not hide the package. The project's own paths come from its prepend_sys_path.
sys.path[:] = [path for path in sys.path if path != ""]


class Fault(Exception):
    """The project cannot be read; the text is for the user."""


class CannotRender(BaseException):
    """A step looks at what only a database knows. No `except Exception` of a revision hides it."""


class EnvironmentRead(BaseException):
    """env.py has called configure(): all that it has to tell is known."""


def say(document, to):
    json.dump(document, to)
    to.flush()


def import_alembic():
    # pylint: disable=import-outside-toplevel,unused-import
    try:
        import alembic
        import sqlalchemy
    except ImportError as error:
        raise Fault(f"{sys.executable} has no Alembic: {error}") from None
    for module, least in ((alembic, (1, 5)), (sqlalchemy, (1, 4))):
        version = tuple(int(part) for part in re.findall(r"\d+", module.__version__)[:2])
        if version < least:
            raise Fault(f"{module.__name__} {module.__version__} is too old: "
                        f"{least[0]}.{least[1]} or newer is needed")
    return alembic, sqlalchemy


# Literals.

def quoted(text):
    if "\0" in text:
        raise CannotRender("a string with a NUL byte cannot be written in SQL")
    return "'" + text.replace("'", "''") + "'"


def number_literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{value}'::float8"
    if isinstance(value, decimal.Decimal) and not value.is_finite():
        return f"'{value}'::numeric"
    # A minus sign binds weaker than `::`, and two of them begin a comment.
    text = format(value, "f") if isinstance(value, decimal.Decimal) else repr(value)
    return f"({text})" if text.startswith("-") else text


def time_literal(value):
    if isinstance(value, datetime.datetime):
        return f"'{value.isoformat(sep=' ')}'::" + ("timestamptz" if value.tzinfo else "timestamp")
    if isinstance(value, datetime.date):
        return f"'{value.isoformat()}'::date"
    if isinstance(value, datetime.time):
        return f"'{value.isoformat()}'::" + ("timetz" if value.tzinfo else "time")
    return f"'{value.days} days {value.seconds} seconds {value.microseconds} microseconds'::interval"


def literal(value):
    """A value of a type for which SQLAlchemy has no literal."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float, decimal.Decimal)):
        return number_literal(value)
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return time_literal(value)
    if isinstance(value, uuid.UUID):
        return f"'{value}'::uuid"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"'\\x{bytes(value).hex()}'::bytea"
    if isinstance(value, (list, tuple)):
        return "ARRAY[" + ", ".join(literal(item) for item in value) + "]"
    raise CannotRender(f"a value of type {type(value).__name__} has no literal in SQL")


def make_dialect():
    # pylint: disable=import-outside-toplevel
    from sqlalchemy import exc, types
    from sqlalchemy.dialects.postgresql import base

    class Compiler(base.PGCompiler):
        """Renders values also where SQLAlchemy has no literal for their type."""

        def render_literal_bindparam(self, bindparam, *arguments, **more):
            if bindparam.required and bindparam.value is None and bindparam.callable is None:
                raise CannotRender(f"the parameter {bindparam.key} has no value")
            return super().render_literal_bindparam(bindparam, *arguments, **more)

        def render_literal_value(self, value, type_, **more):
            if isinstance(type_, types.ARRAY) and isinstance(value, (list, tuple)):
                return f"{literal(value)}::{type_.compile(dialect=self.dialect)}"
            if isinstance(type_, types.JSON):
                return quoted(json.dumps(value, ensure_ascii=False))
            try:
                return super().render_literal_value(value, type_, **more)
            except (NotImplementedError, exc.CompileError):
                return literal(value)

    class Dialect(base.PGDialect):
        """PostgreSQL without a driver: no doubled percent signs, no doubled backslashes."""
        statement_compiler = Compiler
        supports_statement_cache = False
        # What a connection would tell.
        _backslash_escapes = False
        server_version_info = (15, 0)

    dialect = Dialect(paramstyle="named")
    dialect.implicit_returning = False
    return dialect


# Recording.

def with_parameters(construct, parameters):
    """The statement with these values of its parameters."""
    from sqlalchemy.sql import dml, elements  # pylint: disable=import-outside-toplevel
    if not parameters:
        return construct
    if isinstance(construct, elements.TextClause):
        known = construct._bindparams  # pylint: disable=protected-access
        return construct.bindparams(**{k: v for k, v in parameters.items() if k in known})
    if isinstance(construct, dml.Insert):
        return construct.values(**parameters)
    if isinstance(construct, dml.Update):
        columns = {k: v for k, v in parameters.items() if k in construct.table.c}
        others = {k: v for k, v in parameters.items() if k not in construct.table.c}
        construct = construct.values(**columns) if columns else construct
        return construct.params(**others) if others else construct
    return construct.params(**parameters)


def parameter_sets(arguments, named):
    """What execute() was given besides the statement, as a list of dictionaries."""
    sets = []
    for argument in arguments:
        if argument is None:
            continue
        for one in argument if isinstance(argument, (list, tuple)) else [argument]:
            if not hasattr(one, "keys"):
                raise CannotRender("positional parameters cannot be rendered")
            sets.append(dict(one))
    if named:
        sets.append(dict(named))
    return sets or [{}]


def only_once(sql):
    """A CREATE or DROP that is to be no error when there is nothing to do."""
    kind = re.match(r"(CREATE|DROP)\s+(UNIQUE\s+)?(TYPE|TABLE|INDEX|SEQUENCE)\s", sql, re.I)
    if kind is None:
        return sql
    verb, what = kind.group(1).upper(), kind.group(3).upper()
    if verb == "DROP":
        return sql[:kind.end()] + "IF EXISTS " + sql[kind.end():]
    if what != "TYPE":
        return sql[:kind.end()] + "IF NOT EXISTS " + sql[kind.end():]
    return ("DO $woven$ BEGIN " + sql + "; EXCEPTION WHEN duplicate_object THEN NULL; "
            "END $woven$")


class Recorder:
    """What one step sends."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.statements = []
        self.transaction = True
        self.needs = None

    def refuse(self, what):
        """Remembers the first reason, also when the revision swallows the exception."""
        error = CannotRender(what)
        self.needs = self.needs or (error, traceback.extract_stack())
        raise error

    def render(self, construct):
        from sqlalchemy import schema, text  # pylint: disable=import-outside-toplevel
        if isinstance(construct, str):
            construct = text(construct)
        how = {} if isinstance(construct, schema.DDLElement) else {
            "compile_kwargs": {"literal_binds": True}}
        return str(construct.compile(dialect=self.dialect, **how))

    def add_text(self, sql):
        sql = sql.strip().rstrip(";").rstrip()
        bare = re.sub(r"\s+", " ", sql).upper()
        if bare in ("COMMIT", "COMMIT WORK", "COMMIT TRANSACTION", "END", "END TRANSACTION"):
            self.transaction = False
        elif not (bare in ("BEGIN", "BEGIN WORK", "BEGIN TRANSACTION", "START TRANSACTION")
                  and not self.transaction):
            self.statements.append(sql)

    def add(self, construct, arguments=(), named=None):
        from sqlalchemy import text  # pylint: disable=import-outside-toplevel
        if isinstance(construct, str):
            construct = text(construct)
        for parameters in parameter_sets(arguments, named):
            self.add_text(self.render(with_parameters(construct, parameters)))

    def options(self, options):
        if (options or {}).get("isolation_level") == "AUTOCOMMIT":
            self.transaction = False


class Answer:
    """The answer to a statement; nobody may look at it."""

    def __init__(self, recorder):
        self._recorder = recorder

    def close(self):
        pass

    def _look(self, *_arguments, **_named):
        self._recorder.refuse("it reads data from the database")

    __iter__ = __next__ = __len__ = __bool__ = __getitem__ = __eq__ = __contains__ = _look
    __hash__ = None

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._look()


class Transaction:
    """begin() inside of a step: the step's own transaction holds it all."""

    def __init__(self, recorder):
        self._recorder = recorder
        self.is_active = True

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def commit(self):
        pass

    def close(self):
        pass

    def rollback(self):
        self._recorder.refuse("it rolls a transaction back by itself")


def make_bind(recorder):
    """What op.get_bind() gives."""
    # pylint: disable=import-outside-toplevel
    from sqlalchemy.engine.mock import MockConnection

    class Bind(MockConnection):
        """Renders what is executed."""

        def __init__(self):
            super().__init__(recorder.dialect, recorder.add)
            # SQLAlchemy 1.4 hides the method behind an attribute.
            vars(self).pop("execute", None)

        def execute(self, construct, *arguments, execution_options=None, **named):
            recorder.options(execution_options)
            recorder.add(construct, arguments, named)
            return Answer(recorder)

        def exec_driver_sql(self, sql, parameters=None, **_more):
            if parameters:
                recorder.refuse("parameters of exec_driver_sql() cannot be rendered")
            recorder.add_text(sql)
            return Answer(recorder)

        def scalar(self, *_arguments, **_named):
            recorder.refuse("it reads data from the database")

        scalars = scalar

        def execution_options(self, **options):
            recorder.options(options)
            return self

        def begin(self):
            return Transaction(recorder)

        begin_nested = begin

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return False

        def close(self):
            pass

        def commit(self):
            recorder.transaction = False

        def _run_ddl_visitor(self, visitorcallable, element, **kwargs):
            first = len(recorder.statements)
            super()._run_ddl_visitor(visitorcallable, element, **dict(kwargs))
            if kwargs.get("checkfirst"):
                recorder.statements[first:] = map(only_once, recorder.statements[first:])

    return Bind()


def make_context(environment, recorder, options):
    # pylint: disable=import-outside-toplevel,protected-access
    from alembic.ddl.postgresql import PostgresqlImpl
    from alembic.runtime.migration import MigrationContext

    bind = make_bind(recorder)

    class Impl(PostgresqlImpl):
        """Gives statements to the recorder instead of to a buffer."""
        transactional_ddl = True

        def _exec(self, construct, execution_options=None, multiparams=(), params=None):
            recorder.options(execution_options)
            if isinstance(multiparams, dict):
                multiparams = (multiparams,)
            recorder.add(construct, (list(multiparams),) if multiparams else (), params)
            return Answer(recorder)

        def static_output(self, text):
            recorder.add_text(text)

        def emit_begin(self):
            pass

        def emit_commit(self):
            recorder.transaction = False

        @property
        def bind(self):
            return bind

    context = MigrationContext.configure(
        dialect=recorder.dialect, environment_context=environment,
        opts={**options, "as_sql": True, "literal_binds": True, "output_buffer": sys.stderr})
    context.connection = bind
    context.impl = Impl(recorder.dialect, bind, True, True, sys.stderr, context.opts)
    environment._migration_context = context
    return context


# Steps.

def line_of(frames, path, function):
    """The last line of the revision's file among the frames; else where the function begins."""
    for frame in reversed(frames):
        if frame.filename == path:
            return frame.lineno
    return function.__code__.co_firstlineno


def source_of(function):
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


def refused(function, path, error, frames):
    said = str(error).strip().splitlines()
    text = said[0] if said else ""
    if not isinstance(error, CannotRender):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return {"present": True, "statements": [], "transaction": True, "refused": text,
            "line": line_of(frames, path, function), "source": source_of(function)}


def says_irreversible(error, frames, path):
    """`raise NotImplementedError` in the revision itself: the usual way to say it."""
    return isinstance(error, NotImplementedError) and frames[-1].filename == path


def record(config, script, path, function, options, down):
    """One step as JSON has it."""
    from alembic.operations import Operations  # pylint: disable=import-outside-toplevel
    from alembic.runtime.environment import EnvironmentContext  # pylint: disable=import-outside-toplevel
    recorder = Recorder(make_dialect())
    try:
        with EnvironmentContext(config, script, as_sql=True) as environment:
            with Operations.context(make_context(environment, recorder, options)):
                function()
    except (Exception, CannotRender) as error:  # pylint: disable=broad-except
        frames = traceback.extract_tb(error.__traceback__)
        if down and says_irreversible(error, frames, path):
            return {"present": False}
        return refused(function, path, error, frames)
    if recorder.needs is not None:
        return refused(function, path, *recorder.needs)
    return {"present": True, "statements": recorder.statements,
            "transaction": recorder.transaction, "line": function.__code__.co_firstlineno,
            "source": source_of(function)}


def names(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def full_ids(script, value):
    """Ids in full, labels as they are."""
    found = []
    for name in names(value):
        revision = script.get_revision(name)
        labels = names(getattr(revision.module, "branch_labels", None))
        found.append(name if name in labels else revision.revision)
    return found


def create_date(doc):
    match = re.search(r"^Create Date:[ \t]*(.+?)[ \t]*$", doc or "", re.M)
    if match is None:
        return ""
    date = match.group(1)
    return re.sub(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?)(?:\.\d+)?", r"\1T\2", date)


def text_of(doc):
    """The message and the paragraphs that somebody wrote below it."""
    kept = [line for line in (doc or "").strip().splitlines()
            if not re.match(r"(Revision ID|Revises|Create Date|Branch Labels|Depends on):", line)]
    while kept and not kept[-1].strip():
        kept.pop()
    head = kept.index("") if "" in kept else len(kept)
    return " ".join(line.strip() for line in kept[:head]), [
        line.rstrip() for line in kept[head + 1:]]


def describe(config, script, revision, options):
    module = revision.module
    path = inspect.getsourcefile(module) or revision.path
    message, notes = text_of(module.__doc__)
    steps = {}
    for key, name in (("up", "upgrade"), ("down", "downgrade")):
        function = getattr(module, name, None)
        steps[key] = ({"present": False} if function is None else
                      record(config, script, path, function, options, key == "down"))
    if not steps["up"]["present"]:
        steps["up"] = {"present": True, "statements": [], "transaction": True, "line": 1,
                       "source": "", "refused": "it has no function upgrade()"}
    return {"revision": revision.revision,
            "down_revision": full_ids(script, getattr(module, "down_revision", None)),
            "depends_on": full_ids(script, getattr(module, "depends_on", None)),
            "branch_labels": names(getattr(module, "branch_labels", None)),
            "message": message, "notes": notes, "create_date": create_date(module.__doc__),
            "file": os.path.basename(revision.path), **steps}


# The project.

def find_config():
    from alembic.config import Config  # pylint: disable=import-outside-toplevel
    if os.path.exists("alembic.ini"):
        return Config("alembic.ini")
    if not os.path.exists("env.py"):
        raise Fault("there is neither alembic.ini nor env.py in this folder")
    # The folder of the scripts itself: its alembic.ini is most often one level up.
    config = Config("../alembic.ini" if os.path.exists("../alembic.ini") else None)
    config.set_main_option("script_location", os.getcwd().replace("%", "%%"))
    return config


def extend_path(config):
    """As Alembic's own command does with prepend_sys_path."""
    paths = config.get_main_option("prepend_sys_path") or ""
    separator = config.get_main_option("path_separator") or ""
    parts = paths.split(os.pathsep if separator == "os" else None) if separator else [
        part for part in re.split(r"[\s,:]+", paths)]
    sys.path[:0] = [part for part in parts if part]


def read_environment(config, script, notes):
    """The options that env.py gives to configure() and that change the SQL."""
    from alembic.runtime.environment import EnvironmentContext  # pylint: disable=import-outside-toplevel
    given = {}

    def configure(*_arguments, **options):
        given.update(options)
        raise EnvironmentRead

    try:
        with EnvironmentContext(config, script, as_sql=True, fn=lambda *_: []) as environment:
            environment.configure = configure
            script.run_env()
        notes.append("env.py never calls context.configure(): its naming convention is unknown")
    except EnvironmentRead:
        pass
    except (Exception, SystemExit) as error:  # pylint: disable=broad-except
        said = str(error).strip().splitlines()
        notes.append("env.py could not be run without a database "
                     f"({type(error).__name__}{': ' + said[0] if said else ''}): should it set a "
                     "naming convention, the names of unnamed constraints differ")
    for key in ("version_table", "version_table_schema"):
        if given.get(key) not in (None, "alembic_version"):
            notes.append(f"env.py sets {key} to {given[key]}: set it in woven.conf too")
    metadata = given.get("target_metadata")
    return {} if metadata is None else {"target_metadata": metadata}


def read_project(folder):
    if not os.path.isdir(folder):
        raise Fault("there is no such folder")
    alembic, sqlalchemy = import_alembic()
    from alembic.script import ScriptDirectory  # pylint: disable=import-outside-toplevel
    os.chdir(folder)
    config = find_config()
    extend_path(config)
    notes = []
    script = ScriptDirectory.from_config(config)
    revisions = list(script.walk_revisions("base", "heads"))
    options = read_environment(config, script, notes)
    return {"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__, "notes": notes,
            "revisions": [describe(config, script, revision, options)
                          for revision in reversed(revisions)]}


def main():
    # What revisions and env.py print or log is for people; the document is for wovenctl alone.
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            document = read_project(sys.argv[1])
    except Fault as error:
        document = {"fault": str(error)}
    except (Exception, SystemExit) as error:  # pylint: disable=broad-except
        frames = [frame for frame in traceback.extract_tb(error.__traceback__)
                  if os.path.isabs(frame.filename)]
        said = " ".join(str(error).split())
        document = {"fault": f"{type(error).__name__}: {said}"}
        if frames:
            document.update(file=frames[-1].filename, line=frames[-1].lineno)
    say(document, out)


main()
