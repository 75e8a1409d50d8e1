"""Behind a connection pooler a session lock means nothing: refused, with the reason."""

import pytest

from rig.waiting import wait_until


@pytest.mark.parametrize("mode", ["transaction", "statement", "session"])
def test_pooler_is_refused(rig, mode):
    project = rig.project()
    project.add_tables(1)
    database = rig.database()
    pooler = rig.pooler(database, mode)
    daemon = rig.daemon(project, pooler.conninfo(database))
    status = wait_until(lambda: (status := daemon.status())["role"] == "refused" and status,
                        f"the pooler to be refused\n{daemon.log_tail()}")
    assert "pooler" in str(status["database"]).lower()
    error = daemon.ctl("migrate", "upgrade", "head", expect=6)
    text = error.json.get("error") or error.json
    assert text["code"] == "POOLER" and text["hint"]
    assert database.heads() == [] and database.value("SELECT to_regnamespace('woven')") is None
    assert database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    daemon.stop()
