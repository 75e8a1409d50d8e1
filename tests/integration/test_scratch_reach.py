"""What revisions and models do to a whole server, or to another one, does not happen when they are
replayed: roles, databases, privileges on them, subscriptions."""

import contextlib

import pytest

from rig.schema import Schema

ROLE = "woven_reach"
OTHER = "woven_reach_other"


@pytest.fixture(name="roles")
def _roles(cluster):
    """A role that the live server has, and none that tests have made."""
    with contextlib.closing(cluster.connect("postgres")) as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'before'")
        yield
        cursor.execute(f"DROP ROLE IF EXISTS {ROLE}, {OTHER}")


@pytest.fixture(name="schema")
def _schema(rig, roles):  # pylint: disable=unused-argument
    return Schema(rig)


@pytest.fixture(name="embedded")
def _embedded(rig):
    return Schema(rig, scratch="embedded", state_directory=str(rig.folder / "state"))


def state_of_server(schema):
    return schema.database.run(
        "SELECT 'role', rolname, a.xmin::text, rolpassword FROM pg_authid a WHERE rolname !~ '^pg_'"
        " UNION ALL SELECT 'database', datname, datacl::text, '' FROM pg_database"
        " WHERE datname !~ '^woven_scratch'"
        " UNION ALL SELECT 'parameter', parname, paracl::text, '' FROM pg_parameter_acl"
        " UNION ALL SELECT 'member', roleid::text, member::text, '' FROM pg_auth_members ORDER BY 1, 2, 3")


def notes(found):
    return "\n".join(found["notes"])


def test_a_server_that_is_shared_keeps_what_is_its_own(schema):
    name = schema.database.name
    schema.project.add(
        f"ALTER ROLE {ROLE} NOLOGIN PASSWORD 'after';\nGRANT pg_read_all_data TO {ROLE};\n"
        f"GRANT SET ON PARAMETER work_mem TO {ROLE};\nREVOKE CONNECT ON DATABASE {name} FROM PUBLIC;\n"
        f"COMMENT ON ROLE {ROLE} IS 'x';\nCREATE TABLE a ();\nALTER TABLE a OWNER TO {ROLE};",
        f"DROP TABLE a;\nDROP OWNED BY {ROLE};\nDROP ROLE {ROLE};")
    schema.project.add(f"CREATE DATABASE {name}_more;", f"DROP DATABASE {name};",
                       up_options="transaction=off", down_options="transaction=off")
    schema.model("1.sql", f"ALTER ROLE {ROLE} NOLOGIN;\nREVOKE CONNECT ON DATABASE {name} FROM PUBLIC;\n"
                          f"GRANT pg_read_all_data TO {ROLE};\n"
                          f"CREATE TABLE a ();\nALTER TABLE a OWNER TO {ROLE};\n")
    before = state_of_server(schema)
    found = schema.check()
    assert found["clean"] is True
    for words in (f"ALTER ROLE {ROLE} NOLOGIN", "GRANT SET ON PARAMETER", "REVOKE CONNECT ON DATABASE",
                  "CREATE DATABASE", "COMMENT ON ROLE", f"GRANT pg_read_all_data TO {ROLE}"):
        assert words in notes(found)
    assert "after" not in notes(found)
    found = schema.daemon.ctl("migrate", "test", "--all").json
    assert [trial.get("fault") for trial in found["revisions"]] == [None, None]
    assert f"DROP ROLE {ROLE}" in notes(found) and f"DROP OWNED BY {ROLE}" in notes(found)
    assert state_of_server(schema) == before


def test_what_is_hidden_is_told(schema):
    """A DO block cannot be seen through; that a role changed can."""
    schema.project.add(f"DO $$ BEGIN ALTER ROLE {ROLE} NOLOGIN; END $$;")
    schema.model("1.sql", "CREATE SCHEMA s;\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["code"] == "SERVER_FAILED" and f"role {ROLE}" in error["message"]
    assert "CREATEDB" in error["hint"] and f"role {ROLE}" in schema.daemon.log_text()


def test_the_power_of_the_scratch_role_is_told(schema):
    schema.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    schema.model("1.sql", "CREATE TABLE a ();\n")
    assert "superuser of the server" in notes(schema.check())
    assert "superuser of the server" in schema.daemon.log_text()
    schema.database.run(f"ALTER ROLE {ROLE} CREATEDB")
    schema.daemon.write_conf(scratch=f"host={schema.rig.cluster.sockets} user={ROLE} dbname=postgres")
    schema.daemon.ctl("daemon", "reload")
    assert schema.check()["notes"] == []


def test_a_role_that_is_not_made_is_missed_with_advice(schema):
    schema.project.add(f"CREATE ROLE {OTHER};\nCREATE TABLE a ();\nALTER TABLE a OWNER TO {OTHER};")
    schema.model("1.sql", "CREATE TABLE a ();\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["sqlstate"] == "42704" and "scratch = embedded" in error["hint"]


def test_a_private_server_makes_roles_as_often_as_asked(embedded):
    """Replayed again and again, after the live server has the role, and hidden in a DO block."""
    embedded.project.add(
        f"CREATE ROLE {OTHER};\nCREATE ROLE {ROLE} IN ROLE {OTHER};\nCREATE TABLE a ();\n"
        f"ALTER TABLE a OWNER TO {OTHER};", f"DROP TABLE a;\nDROP ROLE {ROLE};\nDROP ROLE {OTHER};")
    embedded.project.add("DO $$ BEGIN CREATE ROLE woven_reach_hidden; END $$;",
                         "DROP ROLE woven_reach_hidden;")
    embedded.model("1.sql", f"CREATE TABLE a ();\nALTER TABLE a OWNER TO {OTHER};\n")
    first = embedded.project.ids[0]
    assert embedded.check()["clean"] is True
    found = embedded.daemon.ctl("migrate", "test", first).json
    assert [trial.get("fault") for trial in found["revisions"]] == [None]
    assert embedded.check()["clean"] is True
    embedded.daemon.ctl("migrate", "upgrade", first)
    assert embedded.daemon.ctl("migrate", "drift").json["clean"] is True
    embedded.daemon.ctl("migrate", "downgrade", "base")


SUBSCRIPTION = ("CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere dbname=x' PUBLICATION p"
                " WITH (connect = false)")


@pytest.mark.parametrize("where", ["here", "embedded"])
def test_subscriptions_are_not_connected_and_not_left(request, where):
    schema = request.getfixturevalue("schema" if where == "here" else "embedded")
    schema.project.add(f"{SUBSCRIPTION};\nALTER SUBSCRIPTION s ENABLE;", "DROP SUBSCRIPTION s;",
                       down_options="transaction=off")
    schema.project.add("ALTER SUBSCRIPTION s SET PUBLICATION q;", "", up_options="transaction=off")
    schema.project.add("ALTER SUBSCRIPTION s REFRESH PUBLICATION;", "", up_options="transaction=off")
    schema.model("1.sql", f"{SUBSCRIPTION.replace(' p ', ' q ')};\nALTER SUBSCRIPTION s ENABLE;\n")
    found = schema.check()
    assert found["clean"] is True and "REFRESH PUBLICATION" in notes(found)
    found = schema.daemon.ctl("migrate", "test", schema.project.ids[0]).json
    assert [trial.get("fault") for trial in found["revisions"]] == [None]
    schema.daemon.stop()
    assert "apply worker" not in (schema.rig.cluster.log.read_text() if where == "here" else "")


def test_a_subscription_is_dropped_in_trial_without_its_publisher(schema):
    """It is not there, as the connection of the live one would be: nothing may ask it to drop a slot."""
    schema.model("1.sql", f"{SUBSCRIPTION};\n")
    schema.project.add("CREATE TABLE a ();", "DROP TABLE a;")
    found = schema.autogenerate()
    assert found["proven"] is True
    assert "DROP SUBSCRIPTION s" in "".join(file["content"] for file in found["files"])


def test_a_subscription_that_would_connect_is_refused(schema):
    connects = SUBSCRIPTION.replace("connect", "create_slot")
    schema.project.add(f"CREATE TABLE a ();\n{connects};")
    schema.model("1.sql", f"{connects};\n")
    error = schema.daemon.ctl("migrate", "check", expect=1).error
    assert error["code"] == "SQL_ERROR" and "connect = false" in error["hint"] and error["line"] > 1
    error = schema.daemon.ctl("migrate", "diff", "models", "base", expect=1).error
    assert "does not connect" in error["problems"][0]["message"]


NOBODY = 'no"body here'


def test_a_private_server_lends_roles_that_are_not_there(embedded):
    quoted = '"' + NOBODY.replace('"', '""') + '"'
    embedded.project.add(f"CREATE TABLE a (); ALTER TABLE a OWNER TO {quoted}; CREATE TABLE b ();",
                         "DROP TABLE b, a;")
    embedded.project.add(f"CREATE VIEW v AS SELECT; GRANT SELECT ON a TO {quoted}, woven_nobody_else;",
                         "DROP VIEW v; REVOKE ALL ON a FROM woven_nobody_else;",
                         up_options="transaction=off")
    embedded.model("1.sql", f"CREATE TABLE a (); ALTER TABLE a OWNER TO {quoted};\nCREATE VIEW v AS SELECT;\n"
                            "GRANT SELECT ON a TO woven_nobody_else, woven_third;\n")
    for _ in range(2):  # the second server, or the same one again, knows as little
        found = embedded.check(expect=3)
        assert [note for note in found["notes"] if "has no role" not in note] == []
        assert [sum(f'no role "{name}"' in note for note in found["notes"])
                for name in (NOBODY, "woven_nobody_else", "woven_third")] == [1, 1, 1]
        assert sorted(change["object"] for change in found["changes"]) == [
            "public.a", "public.b"], found
    embedded.autogenerate(message="third")
    assert embedded.database.run("SELECT 1 FROM pg_roles WHERE rolname ~ 'body'") == []
    assert embedded.daemon.ctl("migrate", "upgrade", "head", expect=1).error["sqlstate"] == "42704"


def test_roles_without_end_are_not_lent(embedded):
    embedded.model("1.sql", "DO $$ BEGIN RAISE 'role \"%\" does not exist', gen_random_uuid(); END $$;")
    error = embedded.daemon.ctl("migrate", "check", expect=1).error
    assert "does not exist" in error["problems"][0]["message"]
