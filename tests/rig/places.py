"""Where tests put what lives no longer than they do: TMPDIR if that is set, else memory if there is
room for it, so that no test waits for a disk."""

import os
import pathlib
import tempfile

MEMORY = "/dev/shm"
ROOM = 6 << 30  # bytes; several times what all tests need that run at the same time


def _base():
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return tempfile.gettempdir()
    found = os.statvfs(MEMORY)
    roomy = found.f_bavail * found.f_frsize >= ROOM
    return MEMORY if roomy and not found.f_flag & os.ST_NOEXEC else tempfile.gettempdir()


BASE = pathlib.Path(_base())


def new_folder(prefix):
    """Others may look into it, as the server's user has to. Short: the path of a Unix socket has 107
    bytes."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=BASE))
    folder.chmod(0o755)
    return folder
