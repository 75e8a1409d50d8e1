"""Fixtures of the rig; the rig itself is in tests/rig."""

import os
import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position,unused-import
from rig.fixtures import _cluster, _rig, _sudo, pytest_runtest_makereport  # noqa: E402,F401


def pytest_collection_modifyitems(config, items):
    """WOVEN_SAMPLE=N keeps one test in N of each file, the same ones each time: for programs that
    are so slow that all of them would take too long."""
    stride = int(os.environ.get("WOVEN_SAMPLE", "1"))
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    kept = []
    for path, tests in files.items():
        first = zlib.crc32(path.name.encode()) % min(stride, len(tests))
        kept += tests[first::stride]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
