"""The platform's own settings over a data folder of the test run's own."""

import os
import tempfile

# Children of a test (workers, commands) inherit the folder with the environment.
os.environ.setdefault("ANJI_TEST_VAR", tempfile.mkdtemp(prefix="anji-test-"))
os.environ["ANJI_VAR"] = os.environ["ANJI_TEST_VAR"]

from hospital.settings import *  # noqa: E402, F403 (settings are names)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
