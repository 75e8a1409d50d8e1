"""Fixtures of the rig; the rig itself is in tests/rig."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position,unused-import
from rig.fixtures import _cluster, _rig, pytest_runtest_makereport  # noqa: E402,F401
