"""The platform's own settings over a data folder of the test run's own."""

import os
import tempfile
from pathlib import Path

# Children of a test (workers, commands) inherit the folder with the environment; each
# of several processes of tests has one of its own.
TESTER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
IS_NEW = os.environ.get("ANJI_TESTER", TESTER) != TESTER
if IS_NEW or "ANJI_TEST_VAR" not in os.environ:
    os.environ["ANJI_TESTER"] = TESTER
    os.environ["ANJI_TEST_VAR"] = tempfile.mkdtemp(prefix="anji-test-")
    Path(os.environ["ANJI_TEST_VAR"]).chmod(0o711)  # root's PostgreSQL passes through
os.environ["ANJI_VAR"] = os.environ["ANJI_TEST_VAR"]

from hospital.settings import *  # noqa: E402, F403 (settings are names, and want it)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
