"""Waiting for conditions."""

import time

from .programs import PATIENCE


def wait_until(condition, what, seconds=10.0):
    """Returns the first true value of condition(); fails when it does not come."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds * PATIENCE:.0f} s in vain: {what}")
        time.sleep(0.02)
