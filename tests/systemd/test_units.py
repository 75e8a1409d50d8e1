"""What `cmake --install` puts where, and whether systemd accepts the units and their hardening."""

import os
import pathlib
import shutil
import subprocess

import pytest

BUILD = pathlib.Path(os.environ["WOVEN_BUILD"])

# systemd.exec(5): exposure times ten. 1.6 is the project's own limit.
EXPOSURE = "16"

INSTALLED = [
    "etc/woven/woven.conf",
    "usr/bin/wovenctl",
    "usr/lib/systemd/system/woven-wait@.service",
    "usr/lib/systemd/system/wovend.service",
    "usr/lib/systemd/system/wovend.socket",
    "usr/lib/sysusers.d/woven.conf",
    "usr/lib/tmpfiles.d/woven.conf",
    "usr/sbin/wovend",
    "usr/share/doc/woven/examples/app-migrate.conf",
    "usr/share/doc/woven/protocol.md",
    "usr/share/man/man1/wovenctl.1",
    "usr/share/man/man5/woven.conf.5",
    "usr/share/man/man8/wovend.8",
    "usr/share/woven/migrations/script.sql.in",
    "usr/share/woven/migrations/woven.conf",
    "usr/share/woven/migrations/versions/1f800961f8ae_initial_migration_user_model.sql",
]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def needs(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.fixture(scope="module", name="staged")
def _staged(tmp_path_factory):
    root = tmp_path_factory.mktemp("staged")
    done = run("cmake", "--install", str(BUILD), "--prefix", "/usr",
               env={**os.environ, "DESTDIR": str(root)})
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def test_install_puts_files_where_debian_wants_them(staged):
    missing = [path for path in INSTALLED if not (staged / path).is_file()]
    assert missing == []
    allowed = {"etc", "usr/bin", "usr/sbin", "usr/share", "usr/lib/systemd", "usr/lib/sysusers.d",
               "usr/lib/tmpfiles.d"}
    strays = [str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file()
              and not any(path.is_relative_to(staged / place) for place in allowed)]
    assert strays == []


def test_installed_paths_agree(staged):
    service = (staged / "usr/lib/systemd/system/wovend.service").read_text()
    conf = (staged / "etc/woven/woven.conf").read_text()
    assert "ExecStart=/usr/sbin/wovend -c /etc/woven/woven.conf" in service
    assert "ExecReload=/usr/bin/wovenctl " in service
    assert '"/usr/share/woven/migrations/versions"' in conf
    example = (staged / "usr/share/doc/woven/examples/app-migrate.conf").read_text()
    assert "ExecStartPre=/usr/bin/wovenctl " in example
    wait = (staged / "usr/lib/systemd/system/woven-wait@.service").read_text()
    assert "ExecStart=/usr/bin/wovenctl " in wait
    assert "@WV_" not in service + conf + example + wait


def verify(root, *units):
    return run("systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no",
               *units)


def test_units_verify(staged):
    needs("systemd-analyze")
    done = verify(staged, "wovend.service", "wovend.socket", "woven-wait@head.service")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_example_for_applications_verifies(staged, tmp_path):
    needs("systemd-analyze")
    root = tmp_path / "root"
    shutil.copytree(staged, root)
    units = root / "usr/lib/systemd/system"
    shutil.copy("/bin/true", root / "usr/bin/app")
    (units / "app.service").write_text("[Unit]\nDescription=App\n[Service]\nExecStart=/usr/bin/app\n")
    (units / "app.service.d").mkdir()
    shutil.copy(root / "usr/share/doc/woven/examples/app-migrate.conf", units / "app.service.d")
    done = verify(root, "app.service")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_verify_notices_an_unknown_key(staged, tmp_path):
    """The check above can fail."""
    needs("systemd-analyze")
    root = tmp_path / "root"
    shutil.copytree(staged, root)
    unit = root / "usr/lib/systemd/system/wovend.service"
    unit.write_text(unit.read_text() + "\n[Service]\nNoSuchKey=1\n")
    assert verify(root, "wovend.service").returncode != 0


def security(unit, threshold):
    return run("systemd-analyze", "security", "--offline=true", "--no-pager",
               f"--threshold={threshold}", str(unit))


def test_service_is_hardened(staged):
    needs("systemd-analyze")
    unit = staged / "usr/lib/systemd/system/wovend.service"
    done = security(unit, EXPOSURE)
    assert done.returncode == 0, done.stdout
    assert security(unit, "5").returncode != 0, "the threshold has no effect"


def test_waiting_is_hardened_and_needs_no_network(staged):
    needs("systemd-analyze")
    unit = staged / "usr/lib/systemd/system/woven-wait@.service"
    text = unit.read_text()
    assert "migrate wait %i" in text and "PrivateNetwork=yes" in text
    # systemd-analyze looks at a template by one of its instances.
    done = security(unit, EXPOSURE)
    assert done.returncode == 0, done.stdout


def test_callers_stay_visible(staged):
    """Behind PrivateUsers= the credentials of every caller would read as nobody's, behind
    ProtectProc= their units could not be told."""
    text = (staged / "usr/lib/systemd/system/wovend.service").read_text()
    assert not any(line.startswith(("PrivateUsers", "ProtectProc")) for line in text.splitlines())


def test_user_and_directories(staged, tmp_path):
    needs("systemd-sysusers")
    root = tmp_path / "root"
    shutil.copytree(staged, root)
    done = run("systemd-sysusers", f"--root={root}", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "woven" in done.stdout + done.stderr
    if os.getuid() != 0:
        pytest.skip("systemd-tmpfiles --root needs root")
    done = run("systemd-sysusers", f"--root={root}")
    assert done.returncode == 0, done.stderr
    done = run("systemd-tmpfiles", f"--root={root}", "--create", "woven.conf")
    assert done.returncode == 0, done.stderr
    assert (root / "run/woven").stat().st_mode & 0o7777 == 0o755
    assert (root / "etc/woven").stat().st_mode & 0o7777 == 0o750
