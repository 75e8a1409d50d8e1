"""Settings and files: faults all at once, reload, order of sources, secrets."""

import contextlib
import os
import pathlib
import signal
import socket

import pytest

from rig.daemon import run_daemon, settings_have_faults
from rig.waiting import wait_until

SECRET = "sesame-4711-open"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_check_reports_every_fault_with_its_line(rig):
    settings_have_faults(
        rig.project().folder / "bad.conf",
        'project = "woven"\nno_such_key = 1\nleader = "perhaps"\nlog_level = "loud"\n'
        'timeouts {\n    lock = "soon"\n}\nlimits {\n    clients = 0\n}\n',
        ((2, "no_such_key"), (3, "leader"), (4, "log_level"), (6, "lock"), (9, "clients")))


def test_check_of_good_settings_says_nothing_is_wrong(rig):
    project = rig.project()
    project.add_tables(2)
    conf = write(project.folder / "good.conf", 'project = "woven"\n')
    done = run_daemon("--check", "-c", conf)
    assert done.status == 0, done


def test_check_reports_every_fault_of_the_files(rig):
    project = rig.project()
    project.add_tables(3)
    first, second, third = project.ids
    bad = {
        "a.sql": "-- message: A\n-- revision: aaaa\n-- down_revision: missing1\n-- woven:up\n",
        "b.sql": f"-- message: B\n-- revision: {second}\n-- down_revision: {first}\n-- woven:up\n",
        "c.sql": f"-- message: C\n-- revision: cccc\n-- wrong_key: 1\n-- down_revision: {third}\n"
                 "-- woven:up\nSELECT 1;\n",
        "d.sql": "-- message: D\n-- revision: dddd\n-- down_revision:\n-- woven:up\nBEGIN;\n"
                 "CREATE TABLE x ();\nCOMMIT;\n",
        "e.sql": "-- message: E\n-- revision: eeee\n-- down_revision:\n-- woven:up\n"
                 "COPY t FROM STDIN;\n1\n\\.\n",
        "f.sql": "-- message: F\n-- revision: ffff\n-- down_revision: eeef\n-- woven:up\n",
        "g.sql": "-- message: G\n-- revision: eeef\n-- down_revision: ffff\n-- woven:up\n",
        "h.sql": "-- message: H\n-- revision: hhhh\n-- down_revision:\n-- woven:up\n\\i other.sql\n",
    }
    names = {}
    for name, text in bad.items():
        revision = text.split("revision: ")[1].split("\n")[0]
        names[name] = f"{revision}_{name}"
        write(project.versions / names[name], text)
    conf = write(project.folder / "woven.conf", 'project = "woven"\n')
    done = run_daemon("--check", "-c", conf)
    assert done.status == 1
    told = done.out + done.err
    for name, line in (("a.sql", None), ("b.sql", None), ("c.sql", 3), ("d.sql", 5), ("e.sql", 5),
                       ("h.sql", 5)):
        place = names[name] if line is None else f"{names[name]}:{line}"
        assert place in told, f"{place} is missing in\n{told}"
    assert "circle" in told and "missing1" in told, told


def test_daemon_with_faulty_files_starts_and_says_so(rig):
    """READY means the socket answers: what is wrong can be asked about."""
    project = rig.project()
    project.add_tables(1)
    write(project.versions / "x_bad.sql", "-- revision: x\n-- down_revision: nowhere\n-- woven:up\n")
    daemon = rig.daemon(project, rig.database())
    wait_until(lambda: daemon.status()["role"] == "leader", "the database")
    problems = daemon.status()["files"]["problems"]
    assert problems and problems[0]["file"].endswith("x_bad.sql") and problems[0]["message"]
    error = daemon.ctl("migrate", "upgrade", "head", expect=1).error
    assert error["code"] == "LOAD_ERROR" and error["problems"] == problems
    (project.versions / "x_bad.sql").unlink()
    daemon.ctl("daemon", "reload")
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"


def test_reload_sees_new_files(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    project.add_tables(2)
    result = daemon.ctl("daemon", "reload").json
    assert (result["reloaded"], result["revisions"]) == (True, 3)
    assert len(daemon.ctl("migrate", "status").json["pending"]) == 2
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == [project.ids[-1]]


def test_upgrade_sees_new_files_without_a_reload(rig):
    project, database, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    project.add_tables(1)
    daemon.ctl("migrate", "upgrade", "head")
    assert database.heads() == [project.ids[-1]]


def test_sighup_takes_new_settings_over(rig):
    _, _, daemon = rig.simple(1)
    assert "DEBUG" in daemon.log_text().upper()
    daemon.write_conf(access={"migrate": ["nobody"]})
    with daemon.logs("(?i)reload|read again|re-read"):
        daemon.signal(signal.SIGHUP)
    wait_until(lambda: "code" in refused_upgrade(daemon), "the new access list")
    assert refused_upgrade(daemon)["code"] == "ACCESS_DENIED"


def refused_upgrade(daemon):
    with daemon.client() as client:
        message = client.answer(client.request("migrate.upgrade", target="head"))
        return message.get("error", {}).get("data", {})


def test_sighup_with_a_bad_configuration_keeps_the_old(rig):
    project, database, daemon = rig.simple(1)
    good = daemon.conf.read_text()
    daemon.conf.write_text(good + "nonsense = {\n")
    with daemon.logs(f"{daemon.conf}:\\d+"):
        daemon.signal(signal.SIGHUP)
    error = daemon.ctl("daemon", "reload", expect=1).error
    assert error["code"] == "CONFIG_ERROR"
    assert str(daemon.conf) in str(error) and daemon.running
    assert daemon.ctl("migrate", "upgrade", "head").json["outcome"] == "done"
    assert database.heads() == project.ids
    daemon.conf.write_text(good)
    assert daemon.ctl("daemon", "reload").json["reloaded"] is True


def test_reload_can_move_to_another_database(rig):
    project, first, daemon = rig.simple(1)
    daemon.ctl("migrate", "upgrade", "head")
    second = rig.database()
    daemon.write_conf(database=second.conninfo)
    daemon.ctl("daemon", "reload")
    wait_until(lambda: (status := daemon.status())["role"] == "leader"
               and status["database"]["name"] == second.name, "the other database")
    daemon.ctl("migrate", "upgrade", "head")
    assert second.heads() == first.heads() == project.ids


def test_options_win_over_environment_over_file(rig):
    project = rig.project()
    project.add_tables(1)
    names = [rig.database() for _ in range(3)]
    by_file = rig.daemon(project, names[0])
    by_env = rig.daemon(project, names[0], env={"WOVEN_DATABASE": names[1].conninfo})
    by_option = rig.daemon(project, names[0], env={"WOVEN_DATABASE": names[1].conninfo},
                           options=["--database", names[2].conninfo, "--project", "other"])
    for daemon, database in zip((by_file, by_env, by_option), names):
        assert daemon.wait_role("leader")["database"]["name"] == database.name
    assert by_option.status()["project"] == "other"


def test_fault_names_where_the_value_comes_from(rig):
    conf = write(rig.project().folder / "woven.conf", 'project = "good"\n')
    done = run_daemon("--check", "-c", conf, "--project", "a b", WOVEN_LOG_LEVEL="loud")
    assert done.status == 1
    assert "--project: project:" in done.err and "WOVEN_LOG_LEVEL: log_level:" in done.err


def test_libpq_environment_fills_what_is_left_open(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    daemon = rig.daemon(project, "", env={"PGHOST": str(rig.cluster.sockets),
                                          "PGUSER": "postgres", "PGDATABASE": database.name})
    assert daemon.wait_role("leader")["database"]["name"] == database.name


def test_what_the_database_lacks_is_told(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    database.run("CREATE ROLE weak LOGIN")
    rig.defer(lambda: rig.database().run("DROP OWNED BY weak; DROP ROLE weak"))
    rig.defer(lambda: database.run("DROP OWNED BY weak CASCADE"))
    weak = database.conninfo.replace("user=postgres", "user=weak")
    error = rig.daemon(project, weak).wait_role("refused")["database"]["error"]
    assert "schema" in error["message"] and "CREATE on the database" in error["hint"]
    database.run(f"GRANT CREATE ON DATABASE {database.name} TO weak")
    error = rig.daemon(project, weak).wait_role("refused")["database"]["error"]
    assert "alembic_version" in error["message"] and "CREATE" in error["hint"]
    elsewhere = rig.daemon(project, weak, settings={"version_table_schema": "nowhere"})
    error = elsewhere.wait_role("refused")["database"]["error"]
    assert "nowhere" in error["message"] and "version_table_schema" in error["hint"]
    database.run("GRANT CREATE ON SCHEMA public TO weak")
    rig.leader(project, weak).ctl("migrate", "upgrade", "head")


def test_service_file(rig):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    services = write(rig.folder / "services", f"[mine]\nhost={rig.cluster.sockets}\nuser=postgres\n"
                     f"dbname={database.name}\n")
    daemon = rig.daemon(project, "service=mine", env={"PGSERVICEFILE": str(services)})
    assert daemon.wait_role("leader")["database"]["name"] == database.name


@pytest.mark.parametrize("database", [
    f"host=/nowhere password={SECRET}", f"postgresql://u:{SECRET}@/db?host=/nowhere"])
def test_password_on_the_command_line_is_refused(database):
    done = run_daemon("--check", "-c", "/dev/null", "--database", database)
    assert done.status != 0
    assert SECRET not in done.out + done.err
    assert "password" in done.out + done.err


def processes_say(daemon):
    root = pathlib.Path(f"/proc/{daemon.process.pid}")
    return (root / "cmdline").read_text() + "".join(
        (task / "comm").read_text() for task in (root / "task").iterdir())


def test_password_is_never_visible(rig):
    """A server that wants one and gets it from a file, then one that refuses it."""
    project = rig.project()
    project.add_tables(1)
    project.add("SELECT no_such_column;")
    database = rig.database()
    database.run(f"CREATE ROLE keeper LOGIN SUPERUSER PASSWORD '{SECRET}'")
    hba = rig.cluster.data / "pg_hba.conf"
    old = hba.read_text()
    rig.defer(lambda: (hba.write_text(old), rig.cluster.process.send_signal(signal.SIGHUP)))
    hba.write_text("local all keeper scram-sha-256\n" + old)
    rig.cluster.process.send_signal(signal.SIGHUP)
    passfile = write(rig.folder / "pass", f"*:*:*:keeper:{SECRET}\n")
    passfile.chmod(0o600)
    conninfo = f"host={rig.cluster.sockets} user=keeper dbname={database.name} passfile={passfile}"
    daemon = rig.daemon(project, conninfo)
    daemon.wait_role("leader")
    told = [daemon.ctl("migrate", "upgrade", "head", expect=1).out,
            daemon.ctl("migrate", "status").out, daemon.ctl("daemon", "status").out]
    write(passfile, "*:*:*:keeper:wrong-" + SECRET + "\n")
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keeper'")
    told.append(str(wait_until(lambda: (status := daemon.status())["role"] == "unreachable"
                               and status, "the password to be refused")))
    with_secret = rig.daemon(project, f"postgresql://keeper:x{SECRET}@/{database.name}?host="
                             f"{rig.cluster.sockets}", start=False)
    with_secret.launch()
    wait_until(lambda: not with_secret.running or with_secret.answers(), "an end or a start")
    if with_secret.running:
        told.append(str(wait_until(lambda: (status := with_secret.status())["role"] == "unreachable"
                                   and status, "the wrong password to be refused")))
        told += [with_secret.ctl("daemon", "status").out, processes_say(with_secret)]
    told += [daemon.log_text(), with_secret.log_text(), processes_say(daemon)]
    told += [str(row) for row in database.run("SELECT * FROM woven.history")]
    assert SECRET not in "".join(told)


def test_password_of_the_environment_works_and_is_not_told(rig):
    project = rig.project()
    project.add("SELECT current_setting('no.such');")
    database = rig.database()
    database.run(f"CREATE ROLE warden LOGIN SUPERUSER PASSWORD '{SECRET}'")
    hba = rig.cluster.data / "pg_hba.conf"
    old = hba.read_text()
    rig.defer(lambda: (hba.write_text(old), rig.cluster.process.send_signal(signal.SIGHUP)))
    hba.write_text("local all warden scram-sha-256\n" + old)
    rig.cluster.process.send_signal(signal.SIGHUP)
    daemon = rig.leader(project, database.conninfo.replace("user=postgres", "user=warden"),
                        env={"PGPASSWORD": SECRET})
    told = daemon.ctl("migrate", "upgrade", "head", expect=1).out
    told += daemon.ctl("migrate", "status").out + daemon.ctl("daemon", "status").out
    assert database.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'warden'") > 0
    assert SECRET not in told + daemon.log_text() + processes_say(daemon)


@pytest.mark.parametrize("database", [
    f"postgresql+psycopg2://u:{SECRET}@127.0.0.1:1/db",
    f"postgres:/u:{SECRET}@127.0.0.1/db",
    f"Postgresql://u:{SECRET}@127.0.0.1/db",
    f"postgresql://u:x@{SECRET}@127.0.0.1:1/db",
    f"postgresql://u:{SECRET}:x@127.0.0.1:1/db?nonsense={SECRET}",
    f"host=127.0.0.1 password='{SECRET}",
    f"host=127.0.0.1 password=two words {SECRET}"])
def test_password_of_a_malformed_string_is_never_visible(rig, database):
    project = rig.project()
    project.add_tables(1)
    database_in_reach = {"PGHOST": str(rig.cluster.sockets), "PGUSER": "postgres"}
    daemon = rig.daemon(project, database, start=False, env=database_in_reach)
    daemon.launch()
    wait_until(lambda: not daemon.running or daemon.socket.exists(), "an end or a start")
    told = run_daemon("--check", "-c", daemon.conf).err
    if daemon.running:
        daemon.wait_role("unreachable", "refused")
        told += daemon.ctl("migrate", "upgrade", "head", expect=None).out
        told += daemon.ctl("migrate", "status").out + daemon.ctl("daemon", "status").out
    assert SECRET not in told + daemon.log_text()


@pytest.mark.parametrize("line", [
    f"database = 'user=x password='{SECRET}''",
    f"database = postgresql://u:{SECRET}@h/db",
    f"database = \"user=x password={SECRET}",
    f"database = \"user=x\" password={SECRET}",
    f"password = \"{SECRET}\""])
def test_password_of_a_malformed_file_is_never_visible(rig, line):
    conf = write(rig.folder / "bad.conf", line + "\n")
    checked = run_daemon("--check", "-c", conf)
    assert checked.status != 0 and SECRET not in checked.out + checked.err


@pytest.fixture(name="dead_host", params=["refuses", "is silent", "is deaf"])
def _dead_host(request):
    """A host and a port: nobody there, packets that are lost, a listener that never answers."""
    if request.param == "refuses":
        yield "127.0.0.1", 1
        return
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0 if request.param == "is silent" else 16)
        for _ in range(4 if request.param == "is silent" else 0):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()


def test_next_of_several_hosts_is_tried(rig, dead_host):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    host, port = dead_host
    daemon = rig.daemon(project, f"host={host},{rig.cluster.sockets} port={port},5432 "
                        f"user=postgres dbname={database.name} target_session_attrs=read-write",
                        settings={"timeouts": {"connect": "2s"}})
    daemon.wait_role("leader")
    daemon.ctl("migrate", "upgrade", "head")
    assert database.tables() == ["t1"]


def test_wrong_usage(rig):
    assert run_daemon("--no-such-option").status == 2
    assert run_daemon("--version").out.startswith("wovend ")
    assert "--check" in run_daemon("--help").out
    assert run_daemon("--check", "-c", rig.folder / "none.conf").status == 1


def test_second_daemon_on_the_same_socket_is_refused(rig):
    project, _, daemon = rig.simple(1)
    done = run_daemon("-c", daemon.conf)
    assert done.status == 1 and str(daemon.socket) in done.err
    assert daemon.ctl("daemon", "ping").json["pid"] == daemon.process.pid
    assert os.path.exists(daemon.socket), "the living daemon keeps its socket"
    assert project.ids


def test_socket_path_that_is_no_socket_is_left_alone(rig):
    project = rig.project()
    path = write(rig.folder / "precious", "keep me")
    conf = write(project.folder / "woven.conf", f'socket = "{path}"\n')
    assert run_daemon("-c", conf).status == 1
    assert path.read_text() == "keep me"


def test_socket_that_is_another_daemons_by_now_stays(rig):
    project = rig.project()
    project.add_tables(1)
    old = rig.daemon(project, rig.database())
    old.socket.unlink()
    young = rig.daemon(project, rig.database(), start=False, settings={"socket": str(old.socket)})
    young.socket = old.socket
    young.start()
    old.stop()
    assert young.answers()


@pytest.mark.parametrize("closed", [(0,), (2,), (0, 1, 2)])
def test_closed_standard_descriptors_are_not_used_for_anything_else(rig, closed):
    """Else the log would be written into the socket that got the number of standard error."""
    project = rig.project()
    project.add_tables(1)
    daemon = rig.daemon(project, rig.database(), start=False)
    script = f"import os, sys; [os.close(fd) for fd in {closed}]; os.execv(sys.argv[1], sys.argv[1:])"
    daemon.launch(prefix=("/usr/bin/python3", "-c", script))
    wait_until(lambda: daemon.socket.exists() and daemon.answers(), "the daemon to answer")
    daemon.wait_role("leader")
    for fd in closed:
        assert os.readlink(f"/proc/{daemon.process.pid}/fd/{fd}") == "/dev/null"
    daemon.ctl("migrate", "upgrade", "head")
