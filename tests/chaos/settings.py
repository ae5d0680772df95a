"""The tests' settings with one more room, and leases short enough to watch."""

from datetime import timedelta

from tests.settings import *  # noqa: F403 (settings are names)

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.app"]  # noqa: F405
JOB_LEASE_S = 3.0
JOB_REAP_EVERY = timedelta(seconds=1)
